package io.hairpin.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/// There is no answer from the server, or none that may be believed.
public final class ExchangeException extends RuntimeException {
    /// Why there is none.
    public enum Reason {
        /// No response within the time of [Retransmission].
        TIMED_OUT,
        /// The operating system could not send, or the network reported the server unreachable.
        UNREACHABLE,
        /// Responses came, and what should protect them was absent or wrong (RFC 8489 §9.2.5).
        INTEGRITY_VIOLATED,
        /// The server offers less security than its nonce promises, or nothing we know.
        BID_DOWN,
        /// The response lacks what its method requires, or requires what this client does not know.
        UNUSABLE_RESPONSE,
        /// The client is closed, or the server ended the connection.
        CLOSED,
        /// The caller's thread was interrupted, and still is.
        INTERRUPTED
    }

    private final Reason reason;

    ExchangeException(Reason reason, String message) {
        this(reason, message, null);
    }

    ExchangeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /// Tells what it means that a packet could not be sent.
    static ExchangeException cannotSend(IOException failure) {
        Reason reason =
                switch (failure) {
                    case InterruptedIOException _, ClosedByInterruptException _ ->
                            Reason.INTERRUPTED;
                    case ClosedChannelException _ -> Reason.CLOSED;
                    default -> Reason.UNREACHABLE;
                };
        return new ExchangeException(reason, "cannot send", failure);
    }

    public Reason reason() {
        return reason;
    }
}
