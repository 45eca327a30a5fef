package io.hairpin.client.load;

/// A run could not go on; the message is for who started it.
public final class LoadException extends RuntimeException {
    LoadException(String message) {
        super(message);
    }

    LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
