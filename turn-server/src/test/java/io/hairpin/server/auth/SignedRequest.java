package io.hairpin.server.auth;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.UserHash;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An Allocate request as a client sends it after a challenge; each method changes one thing.
final class SignedRequest {
    private final String username;
    private final String realm;
    private final String password;
    private final Map<AttributeType<?>, Attribute<?>> attributes = new LinkedHashMap<>();
    private Set<Integrity> integrity;
    private PasswordAlgorithm keyAlgorithm;

    private record Attribute<T>(AttributeType<T> type, T value) {
        void addTo(StunMessage.Builder message) {
            message.with(type, value);
        }
    }

    private SignedRequest(Challenge challenge, String username, String password) {
        this.username = username;
        this.realm = challenge.realm();
        this.password = password;
        this.integrity = EnumSet.of(Integrity.SHA1);
        this.keyAlgorithm = PasswordAlgorithm.MD5;
        with(Attributes.USERNAME, username);
        with(Attributes.REALM, challenge.realm());
        with(Attributes.NONCE, challenge.nonce());
    }

    /// What a browser sends: RFC 5389, so MD5 and MESSAGE-INTEGRITY.
    static SignedRequest classic(Challenge challenge, String username, String password) {
        return new SignedRequest(challenge, username, password);
    }

    /// What a client of RFC 8489 sends, choosing the first algorithm offered.
    static SignedRequest modern(Challenge challenge, String username, String password) {
        return classic(challenge, username, password)
                .with(Attributes.PASSWORD_ALGORITHMS, challenge.passwordAlgorithms())
                .choosing(challenge.passwordAlgorithms().getFirst())
                .signedWith(Integrity.SHA256);
    }

    SignedRequest choosing(PasswordAlgorithm algorithm) {
        keyAlgorithm = algorithm;
        return with(Attributes.PASSWORD_ALGORITHM, algorithm);
    }

    SignedRequest offering(List<PasswordAlgorithm> algorithms) {
        return with(Attributes.PASSWORD_ALGORITHMS, algorithms);
    }

    SignedRequest byHash() {
        return without(Attributes.USERNAME).with(Attributes.USERHASH, UserHash.of(username, realm));
    }

    SignedRequest signedWith(Integrity... kinds) {
        integrity = EnumSet.noneOf(Integrity.class);
        integrity.addAll(List.of(kinds));
        return this;
    }

    SignedRequest keyFrom(PasswordAlgorithm algorithm) {
        keyAlgorithm = algorithm;
        return this;
    }

    <T> SignedRequest with(AttributeType<T> type, T value) {
        attributes.put(type, new Attribute<>(type, value));
        return this;
    }

    SignedRequest without(AttributeType<?> type) {
        attributes.remove(type);
        return this;
    }

    StunMessage build() {
        return build(IntegrityKey.longTerm(keyAlgorithm, username, realm, password));
    }

    /// Signed with a key that need not follow from the name and password.
    StunMessage build(IntegrityKey key) {
        StunMessage.Builder message =
                StunMessage.request(
                        Method.ALLOCATE, new TransactionId(TransactionId.MAGIC_COOKIE, 1, 2));
        attributes.values().forEach(attribute -> attribute.addTo(message));
        integrity.forEach(kind -> message.integrity(kind, key));
        return message.build();
    }
}
