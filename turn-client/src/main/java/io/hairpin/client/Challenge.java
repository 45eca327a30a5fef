package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.OpaqueString;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.SecurityFeature;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a server asked for in a 401 or 438, and how one user meets it (RFC 8489 §9.2.5).
public final class Challenge {
    private static final List<PasswordAlgorithm> KNOWN =
            List.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256);

    private final Credentials credentials;
    private final String realm;
    private final String nonce;
    private final boolean anonymous;

    /// As the server listed them, so that it sees whether the list was tampered with; empty if it
    /// has none.
    private final List<PasswordAlgorithm> offered;

    private final PasswordAlgorithm algorithm;
    private final IntegrityKey key;

    private Challenge(
            Credentials credentials,
            String realm,
            String nonce,
            boolean anonymous,
            List<PasswordAlgorithm> offered) {
        this.credentials = credentials;
        this.realm = realm;
        this.nonce = nonce;
        this.anonymous = anonymous;
        this.offered = offered;
        this.algorithm = choose(offered);
        this.key =
                IntegrityKey.longTerm(
                        algorithm, credentials.username(), realm, credentials.password());
    }

    /// Reads a 401 or 438; throws [ExchangeException] if it cannot be met.
    public static Challenge read(StunMessage response, Credentials credentials) {
        String realm = required(response.find(Attributes.REALM), "REALM");
        String nonce = required(response.find(Attributes.NONCE), "NONCE");
        if (OpaqueString.prepare(realm).isEmpty()) {
            throw new ExchangeException(Reason.UNUSABLE_RESPONSE, "the realm is not allowed");
        }
        Set<SecurityFeature> features = NonceCookie.features(nonce).orElse(Set.of());
        boolean lists = response.has(Attributes.PASSWORD_ALGORITHMS);
        if (features.contains(SecurityFeature.PASSWORD_ALGORITHMS) && !lists) {
            throw new ExchangeException(
                    Reason.BID_DOWN, "the nonce promises PASSWORD-ALGORITHMS, which is absent");
        }
        List<PasswordAlgorithm> offered = List.of();
        if (lists) {
            offered =
                    required(response.find(Attributes.PASSWORD_ALGORITHMS), "PASSWORD-ALGORITHMS");
            if (offered.stream().noneMatch(KNOWN::contains)) {
                throw new ExchangeException(Reason.BID_DOWN, "no known password algorithm");
            }
        }
        boolean anonymous = features.contains(SecurityFeature.USERNAME_ANONYMITY);
        return new Challenge(credentials, realm, nonce, anonymous, offered);
    }

    public String realm() {
        return realm;
    }

    /// Adds what authenticates a request, integrity included.
    public void sign(StunMessage.Builder request) {
        if (anonymous) {
            request.with(Attributes.USERHASH, UserHash.of(credentials.username(), realm));
        } else {
            request.with(Attributes.USERNAME, credentials.username());
        }
        request.with(Attributes.REALM, realm).with(Attributes.NONCE, nonce);
        if (!offered.isEmpty()) {
            request.with(Attributes.PASSWORD_ALGORITHMS, offered)
                    .with(Attributes.PASSWORD_ALGORITHM, algorithm);
        }
        request.integrity(integrity(), key);
    }

    /// Why the response to a request signed so may not be believed; empty if it may.
    Optional<String> objection(StunMessage response) {
        if (response.integrity().isEmpty()) {
            return Optional.of("the response is not protected");
        }
        if (!response.integrity().get().equals(integrity())) {
            return Optional.of("the response is protected in another way than the request");
        }
        return response.verify(integrity(), key)
                ? Optional.empty()
                : Optional.of("the integrity of the response is wrong");
    }

    /// A server that lists password algorithms knows RFC 8489, and so the stronger integrity.
    private Integrity integrity() {
        return offered.isEmpty() ? Integrity.SHA1 : Integrity.SHA256;
    }

    private static PasswordAlgorithm choose(List<PasswordAlgorithm> offered) {
        return offered.stream().filter(KNOWN::contains).findFirst().orElse(PasswordAlgorithm.MD5);
    }

    private static <T> T required(Optional<T> value, String attribute) {
        return value.orElseThrow(
                () ->
                        new ExchangeException(
                                Reason.UNUSABLE_RESPONSE, "a challenge without " + attribute));
    }
}
