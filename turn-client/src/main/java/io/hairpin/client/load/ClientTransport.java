package io.hairpin.client.load;

/// What clients reach the server by.
public enum ClientTransport {
    UDP,
    TCP,
    TLS,
    DTLS;

    /// Whether frames follow one another in a stream.
    public boolean isStream() {
        return this == TCP || this == TLS;
    }

    /// Whether there is a handshake, and a certificate to believe or not.
    public boolean isSecured() {
        return this == TLS || this == DTLS;
    }
}
