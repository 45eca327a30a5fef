package io.hairpin.server.auth;

import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import javax.crypto.spec.SecretKeySpec;

/// Users a web service vouches for with a secret it shares with this server ([TurnRestCredential]).
/// Several secrets are accepted at once, so that one can be replaced while credentials made with it
/// are still about.
///
/// Nothing is kept per user: passwords and keys are derived anew for each request, so names that
/// anybody can make up take no memory.
public final class SharedSecrets implements CredentialSource {
    /// Each secret costs three hashes for every request that looks like it could have been signed
    /// with one.
    public static final int MAX_SECRETS = 16;

    private final String realm;
    private final List<SecretKeySpec> secrets;
    private final InstantSource clock;

    /// @throws IllegalArgumentException if there is no secret, an empty one, or more than
    ///     [#MAX_SECRETS]
    public SharedSecrets(String realm, List<String> secrets, InstantSource clock) {
        if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_SECRETS + " shared secrets are possible, not " + secrets.size());
        }
        this.realm = Realm.checked(realm);
        this.secrets = secrets.stream().map(TurnRestCredential::key).toList();
        this.clock = clock;
    }

    @Override
    public List<Credential> find(String username, PasswordAlgorithm algorithm) {
        OptionalLong expiry = TurnRestCredential.expirySeconds(username);
        if (expiry.isEmpty() || !algorithms().contains(algorithm)) {
            return List.of();
        }
        Duration left =
                Duration.between(clock.instant(), Instant.ofEpochSecond(expiry.getAsLong()));
        return secrets.stream()
                .map(secret -> credential(username, secret, algorithm, left))
                .toList();
    }

    /// Always empty: names are made up by the web service, and a hash does not give them back.
    @Override
    public List<Credential> findByHash(byte[] userhash, PasswordAlgorithm algorithm) {
        return List.of();
    }

    @Override
    public Set<PasswordAlgorithm> algorithms() {
        return Set.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256);
    }

    @Override
    public boolean enumerable() {
        return false;
    }

    private Credential credential(
            String username, SecretKeySpec secret, PasswordAlgorithm algorithm, Duration left) {
        String password = TurnRestCredential.password(secret, username);
        return new Credential(
                username, IntegrityKey.longTerm(algorithm, username, realm, password), left);
    }
}
