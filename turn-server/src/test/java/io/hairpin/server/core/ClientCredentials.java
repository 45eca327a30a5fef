package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHM;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.USERHASH;
import static io.hairpin.stun.Attributes.USERNAME;

import io.hairpin.server.auth.TokenMint;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A name, a password, and the way a client proves that it knows them.
///
/// @param token what it shows in the place of a password, if it has one (RFC 7635)
record ClientCredentials(
        String username, String password, Dialect dialect, TokenMint.@Nullable Minted token) {

    static final String REALM_NAME = "example.org";

    /// The realm of those whose name ends in it.
    static final String OTHER_REALM_NAME = "example.net";

    /// How a client authenticates.
    enum Dialect {
        /// MD5 and SHA-1, as clients before RFC 8489 do.
        CLASSIC,
        SHA256,
        /// SHA-256 with USERHASH in place of USERNAME.
        ANONYMOUS,
        /// Knows of PASSWORD-ALGORITHMS and chooses MD5.
        CHOOSES_MD5
    }

    /// Deriving a key costs more than all else a simulated client does.
    private static final Map<ClientCredentials, IntegrityKey> KEYS = new ConcurrentHashMap<>();

    ClientCredentials(String username, String password, Dialect dialect) {
        this(username, password, dialect, null);
    }

    static ClientCredentials of(TokenMint.Minted token) {
        return new ClientCredentials(token.keyId(), "", Dialect.CLASSIC, token);
    }

    /// What a 401 or 438 told the client.
    record Learned(String nonce, List<PasswordAlgorithm> offered) {

        static final Learned NOTHING = new Learned("", List.of());

        static Learned from(StunMessage challenge) {
            return new Learned(
                    challenge.find(NONCE).orElseThrow(),
                    challenge.find(PASSWORD_ALGORITHMS).orElseThrow());
        }
    }

    ClientCredentials speaking(Dialect other) {
        return new ClientCredentials(username, password, other, token);
    }

    /// What goes into a request besides, which is the token where it may be.
    StunMessage.Builder show(StunMessage.Builder builder, Method method) {
        boolean opens = method == Method.ALLOCATE || method == Method.REFRESH;
        return token != null && opens ? builder.with(ACCESS_TOKEN, token.token()) : builder;
    }

    /// Ends a request with everything that authenticates it.
    StunMessage.Builder sign(StunMessage.Builder builder, Learned learned) {
        if (dialect == Dialect.ANONYMOUS) {
            builder.with(USERHASH, UserHash.of(username, realm()));
        } else {
            builder.with(USERNAME, username);
        }
        builder.with(REALM, realm()).with(NONCE, learned.nonce());
        if (dialect != Dialect.CLASSIC) {
            builder.with(PASSWORD_ALGORITHMS, learned.offered());
            builder.with(PASSWORD_ALGORITHM, algorithm());
        }
        return builder.integrity(integrity(), key());
    }

    /// What the client signs requests with, and expects responses to be signed with.
    Integrity integrity() {
        return dialect == Dialect.CLASSIC ? Integrity.SHA1 : Integrity.SHA256;
    }

    IntegrityKey key() {
        if (token != null) {
            return token.key();
        }
        return KEYS.computeIfAbsent(
                this, _ -> IntegrityKey.longTerm(algorithm(), username, realm(), password));
    }

    private String realm() {
        return realm(username);
    }

    static String realm(String username) {
        return username.endsWith("@" + OTHER_REALM_NAME) ? OTHER_REALM_NAME : REALM_NAME;
    }

    private PasswordAlgorithm algorithm() {
        return switch (dialect) {
            case CLASSIC, CHOOSES_MD5 -> PasswordAlgorithm.MD5;
            case SHA256, ANONYMOUS -> PasswordAlgorithm.SHA_256;
        };
    }

    @Override
    public String toString() {
        return username + " (" + dialect + ")";
    }
}
