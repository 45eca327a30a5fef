package io.hairpin.server.config;

/// The transports a listener can be declared for. Each UDP listener serves DTLS as well and each
/// TCP listener TLS, once there is a certificate; DTLS and TLS listeners insist on one.
public enum ListenerTransport {
    UDP,
    TCP,
    TLS,
    DTLS;

    /// What carries it: [#UDP] or [#TCP].
    public ListenerTransport carrier() {
        return isStream() ? TCP : UDP;
    }

    /// Whether clients connect over TCP, rather than send datagrams.
    public boolean isStream() {
        return switch (this) {
            case UDP, DTLS -> false;
            case TCP, TLS -> true;
        };
    }
}
