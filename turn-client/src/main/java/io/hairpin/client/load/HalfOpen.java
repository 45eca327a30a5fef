package io.hairpin.client.load;

/// Ways to begin a connection and not to go on with it, as an attacker does who wants a server to
/// run out of something.
public enum HalfOpen {
    /// Connects over TCP and says nothing.
    TCP,
    /// Connects over TCP, sends a ClientHello of TLS and reads no more.
    TLS,
    /// Sends a ClientHello of DTLS and leaves the cookie where it is.
    DTLS,
    /// Sends a ClientHello of DTLS, again with the cookie, and then nothing.
    DTLS_COOKIE;

    /// A machine has about so many ports to do it from.
    public static final int MAX = 60_000;

    boolean isStream() {
        return this == TCP || this == TLS;
    }
}
