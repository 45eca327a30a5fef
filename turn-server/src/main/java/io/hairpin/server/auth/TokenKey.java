package io.hairpin.server.auth;

import java.util.Arrays;

import javax.crypto.spec.SecretKeySpec;

/// A key that an authorization server encrypts access tokens with, and the name that clients
/// repeat in USERNAME (RFC 7635 §4.1).
public final class TokenKey {
    private final String id;
    private final SecretKeySpec key;

    /// @param key at least as long as the algorithm asks for; what is beyond does not count
    /// @throws IllegalArgumentException if it is shorter
    public TokenKey(String id, TokenAlgorithm algorithm, byte[] key) {
        if (key.length < algorithm.keyBytes()) {
            throw new IllegalArgumentException(
                    "the key '%s' has fewer than the %d bytes that %s takes"
                            .formatted(id, algorithm.keyBytes(), algorithm));
        }
        this.id = id;
        this.key = AesGcm.key(Arrays.copyOf(key, algorithm.keyBytes()));
    }

    public String id() {
        return id;
    }

    SecretKeySpec key() {
        return key;
    }

    @Override
    public String toString() {
        return "TokenKey[id=" + id + ", key=***]";
    }
}
