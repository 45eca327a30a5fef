package io.hairpin.bench.soak;

/// Says why a soak cannot go on, in words meant for whoever started it.
final class SoakException extends RuntimeException {
    SoakException(String message) {
        super(message);
    }

    SoakException(String message, Throwable cause) {
        super(message, cause);
    }
}
