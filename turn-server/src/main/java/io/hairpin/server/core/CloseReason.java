package io.hairpin.server.core;

/// Why an allocation ended.
public enum CloseReason {
    /// Its lifetime passed without a refresh.
    EXPIRED,
    /// The client asked for it with a lifetime of zero.
    DELETED,
    /// The client's connection closed.
    CLIENT_CLOSED
}
