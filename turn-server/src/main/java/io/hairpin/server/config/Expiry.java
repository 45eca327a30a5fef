package io.hairpin.server.config;

/// What ends when a credential that a shared secret vouches for expires.
public enum Expiry {
    /// New allocations; those there are go on while they are refreshed.
    ALLOCATE,
    /// Refreshing as well.
    REFRESH,
    /// The allocations themselves.
    HARD_STOP
}
