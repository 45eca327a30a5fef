package io.hairpin.server;

/// The server cannot start. The message is one line for the operator: what, why, and the remedy.
public final class StartupException extends RuntimeException {

    StartupException(String message) {
        super(message);
    }
}
