package io.hairpin.dtls;

/// Why a handshake came to nothing. Only clients that showed they receive at their address count.
public enum DtlsFailure {
    /// It took too long.
    TIMED_OUT,
    /// It gave way to a new one, since there was no room for both.
    DISPLACED,
    /// The client began another one.
    RESTARTED,
    /// The client offers nothing later than DTLS 1.0.
    OLD_VERSION,
    /// Nothing that the client offers is acceptable: no cipher suite, group, protocol name or kind
    /// of certificate.
    NOTHING_IN_COMMON,
    /// A message was broken, or came when it must not.
    BROKEN,
    /// The other side gave up with an alert.
    REFUSED,
    /// The other side's certificate is not trusted.
    NOT_TRUSTED,
    /// So many handshakes are under way that this one could not begin.
    TOO_MANY_HANDSHAKES,
    /// So many sessions are established that this one could not be.
    TOO_MANY_SESSIONS,
    /// The client comes from where as many handshakes or sessions are as may be.
    TOO_MANY_OF_SOURCE,
    /// This side stopped.
    STOPPED,
    /// This side made a mistake, or its certificate is unusable.
    INTERNAL
}
