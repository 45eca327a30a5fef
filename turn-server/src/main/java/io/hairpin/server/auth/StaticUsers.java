package io.hairpin.server.auth;

import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.OpaqueString;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.UserHash;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Users listed in the configuration. Every key is derived once, at construction; look-ups are two
/// hash tables.
public final class StaticUsers implements CredentialSource {
    private static final String KEY_PREFIX = "0x";
    private static final int MD5_KEY_BYTES = 16;
    private static final int SHA_256_KEY_BYTES = 32;

    /// A user's credentials by algorithm. They are kept as the lists that [#find] returns.
    private record User(Map<PasswordAlgorithm, List<Credential>> credentials) {
        List<Credential> of(PasswordAlgorithm algorithm) {
            return credentials.getOrDefault(algorithm, List.of());
        }
    }

    private final Map<String, User> byName = new HashMap<>();
    private final Map<ByteBuffer, User> byHash = new HashMap<>();
    private final Set<PasswordAlgorithm> algorithms;

    /// Derives the keys of all users.
    ///
    /// @param users name to password, or to `0x` and the hexadecimal long-term key: 16 bytes for
    ///     MD5, 32 for SHA-256
    /// @throws IllegalArgumentException naming the user, never the secret, if a name, password or
    ///     key cannot be used
    public StaticUsers(String realm, Map<String, String> users) {
        Realm.checked(realm);
        users.forEach((name, secret) -> add(realm, name, secret));
        this.algorithms =
                Stream.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5)
                        .filter(
                                algorithm ->
                                        byName.values().stream()
                                                .noneMatch(user -> user.of(algorithm).isEmpty()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Credential> find(String username, PasswordAlgorithm algorithm) {
        User user = byName.get(username);
        return user == null ? List.of() : user.of(algorithm);
    }

    @Override
    public List<Credential> findByHash(byte[] userhash, PasswordAlgorithm algorithm) {
        User user = byHash.get(ByteBuffer.wrap(userhash));
        return user == null ? List.of() : user.of(algorithm);
    }

    @Override
    public Set<PasswordAlgorithm> algorithms() {
        return algorithms;
    }

    @Override
    public boolean enumerable() {
        return true;
    }

    private void add(String realm, String name, String secret) {
        String username =
                OpaqueString.prepare(name).orElseThrow(() -> unusable(name, "not a username"));
        Map<PasswordAlgorithm, IntegrityKey> keys =
                secret.startsWith(KEY_PREFIX)
                        ? givenKey(name, secret.substring(KEY_PREFIX.length()))
                        : derivedKeys(name, username, realm, secret);
        Map<PasswordAlgorithm, List<Credential>> credentials = new HashMap<>();
        keys.forEach(
                (algorithm, key) ->
                        credentials.put(algorithm, List.of(new Credential(username, key))));
        User user = new User(Map.copyOf(credentials));
        if (byName.put(username, user) != null) {
            throw unusable(name, "the same name as another once prepared (RFC 8265 §4.2)");
        }
        byHash.put(ByteBuffer.wrap(UserHash.of(username, realm)), user);
    }

    private static Map<PasswordAlgorithm, IntegrityKey> derivedKeys(
            String name, String username, String realm, String password) {
        if (OpaqueString.prepare(password).isEmpty()) {
            throw unusable(name, "the password is empty or has characters no password may have");
        }
        return Stream.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256)
                .collect(
                        Collectors.toMap(
                                algorithm -> algorithm,
                                algorithm ->
                                        IntegrityKey.longTerm(
                                                algorithm, username, realm, password)));
    }

    private static Map<PasswordAlgorithm, IntegrityKey> givenKey(String name, String hex) {
        byte[] key = parseHex(name, hex);
        return switch (key.length) {
            case MD5_KEY_BYTES -> Map.of(PasswordAlgorithm.MD5, IntegrityKey.ofBytes(key));
            case SHA_256_KEY_BYTES -> Map.of(PasswordAlgorithm.SHA_256, IntegrityKey.ofBytes(key));
            default -> throw badKey(name);
        };
    }

    private static byte[] parseHex(String name, String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException _) { // its message quotes the key
            throw badKey(name);
        }
    }

    private static IllegalArgumentException badKey(String name) {
        return unusable(
                name,
                "a secret that begins with 0x is a key of 32 (MD5) or 64 (SHA-256) hex digits");
    }

    private static IllegalArgumentException unusable(String name, String why) {
        return new IllegalArgumentException("user '" + name + "': " + why);
    }
}
