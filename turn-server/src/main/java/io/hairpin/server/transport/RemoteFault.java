package io.hairpin.server.transport;

import io.netty.handler.codec.DecoderException;

import java.io.IOException;

/// Tells what the other end of a connection can cause from mistakes of ours.
final class RemoteFault {

    private RemoteFault() {}

    /// Whether a connection that was reset or cut, or a broken TLS record, is behind it.
    static boolean is(Throwable cause) {
        return within(cause) instanceof IOException;
    }

    /// What a handler that decodes was thrown, without its wrapping.
    static Throwable within(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() != null
                ? cause.getCause()
                : cause;
    }
}
