package io.hairpin.server.core;

/// The transport between a client and the server.
public enum Transport {
    UDP,
    TCP,
    TLS,
    DTLS;

    /// What carries it: [#UDP] or [#TCP].
    public Transport carrier() {
        return isStream() ? TCP : UDP;
    }

    /// Whether there is something between the client and the server that begins and ends: a
    /// connection or a session.
    public boolean isConnected() {
        return this != UDP;
    }

    /// Whether the client is connected over TCP, rather than sends datagrams.
    public boolean isStream() {
        return switch (this) {
            case UDP, DTLS -> false;
            case TCP, TLS -> true;
        };
    }
}
