package io.hairpin.bench.compare;

/// Says why a comparison cannot go on, in words meant for whoever started it.
final class CompareException extends RuntimeException {
    CompareException(String message) {
        super(message);
    }

    CompareException(String message, Throwable cause) {
        super(message, cause);
    }
}
