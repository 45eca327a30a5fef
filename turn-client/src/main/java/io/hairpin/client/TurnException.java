package io.hairpin.client;

import io.hairpin.stun.StunMessage;

/// The server answered a request with an error.
public final class TurnException extends RuntimeException {
    private final TurnError error;
    private final transient StunMessage response;

    TurnException(TurnError error, StunMessage response) {
        super(response.method() + " was answered " + error.code() + " " + error.reason());
        this.error = error;
        this.response = response;
    }

    public TurnError error() {
        return error;
    }

    public int code() {
        return error.code();
    }

    public StunMessage response() {
        return response;
    }
}
