package io.hairpin.server.core;

/// Why a connection was closed, or a DTLS session refused, before its first message. One that its
/// client closes without a word is none of these: proxies look that way whether a server is there.
public enum RefusalReason {
    /// There are as many connections or sessions as may be.
    CONNECTION_LIMIT,
    /// The system had no descriptor or no memory for it; it waits, and each try counts.
    NOT_ACCEPTED,
    /// There are as many connections, sessions or handshakes of that address as may be.
    ADDRESS_LIMIT,
    /// There are as many of these of its network as may be.
    NETWORK_LIMIT,
    /// What came first is nothing that is served.
    NOT_TURN,
    /// Too little came in the time there is for a first message.
    SILENT,
    /// HTTP without TLS.
    PLAIN_HTTP,
    /// TLS, and there is no certificate to serve it with.
    NO_CERTIFICATE,
    /// A header of the PROXY protocol from somebody who is not to be believed.
    UNTRUSTED_PROXY,
    /// A header of the PROXY protocol that cannot be understood.
    MALFORMED_PROXY_HEADER,
    /// The handshake took too long.
    HANDSHAKE_TIMEOUT,
    /// The client went away in the middle of the handshake.
    HANDSHAKE_CLOSED,
    /// The client ended the handshake with an alert.
    HANDSHAKE_ALERT,
    /// The client's certificate is missing or not one to trust.
    CLIENT_CERTIFICATE,
    /// So many handshakes are under way that this one could not begin, or gave way.
    HANDSHAKE_LIMIT,
    /// A DTLS client offers nothing later than 1.0. Some try that first, and the right one then.
    OLD_VERSION,
    /// The handshake failed otherwise: no version or cipher suite in common, or broken records.
    HANDSHAKE_FAILED
}
