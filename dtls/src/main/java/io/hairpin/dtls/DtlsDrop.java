package io.hairpin.dtls;

/// Why what arrived was ignored.
public enum DtlsDrop {
    /// No DTLS record, or a ClientHello beyond use.
    MALFORMED,
    /// A record of no session and no handshake that is known here.
    NO_SESSION,
    /// A record of a session that was forged, damaged or replayed.
    BAD_RECORD,
    /// A record for a handshake that has more waiting than it may.
    QUEUE_FULL
}
