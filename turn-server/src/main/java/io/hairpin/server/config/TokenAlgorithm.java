package io.hairpin.server.config;

import java.util.Arrays;
import java.util.Optional;

/// What access tokens are encrypted with, by the names that JOSE has for it.
public enum TokenAlgorithm {
    A128GCM(16),
    A256GCM(32);

    private final int keyBytes;

    TokenAlgorithm(int keyBytes) {
        this.keyBytes = keyBytes;
    }

    int keyBytes() {
        return keyBytes;
    }

    static Optional<TokenAlgorithm> parse(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.name().equals(text))
                .findFirst();
    }
}
