package io.hairpin.server.core;

/// Why the core ended a connection with a peer.
public enum PeerCloseReason {
    /// The client did not bind it in time.
    NOT_BOUND,
    /// The allocation ended.
    ALLOCATION_CLOSED
}
