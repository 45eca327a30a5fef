package io.hairpin.stun;

/// The value of TRANSACTION_TRANSMIT_COUNTER (RFC 7982 §3.1).
///
/// @param request how often the client has sent the request
/// @param response how often the server has answered it; zero in a request, and from one
///     that does not count
public record TransmitCounter(int request, int response) {
    public TransmitCounter {
        if (request < 0 || request > 0xFF || response < 0 || response > 0xFF) {
            throw new IllegalArgumentException("a transmit counter is one byte");
        }
    }
}
