package io.hairpin.server.auth;

/// What the end of a time-limited credential ends.
public enum Expiry {
    /// No allocation is made any more. One that exists goes on for as long as it is refreshed.
    ALLOCATE,
    /// Nor is an allocation refreshed: it ends with the lifetime it has.
    REFRESH,
    /// No allocation lasts longer than its owner's credential.
    HARD_STOP
}
