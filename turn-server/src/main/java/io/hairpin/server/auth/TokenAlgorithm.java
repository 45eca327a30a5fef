package io.hairpin.server.auth;

/// The ciphers that access tokens are encrypted with, by the names RFC 7635 §4.1.1 gives them.
public enum TokenAlgorithm {
    A128GCM(16),
    A256GCM(32);

    private final int keyBytes;

    TokenAlgorithm(int keyBytes) {
        this.keyBytes = keyBytes;
    }

    public int keyBytes() {
        return keyBytes;
    }
}
