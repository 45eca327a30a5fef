package io.hairpin.server.config;

/// Which hop limit (IPv4's time to live) relayed packets leave with.
public enum HopLimitChoice {
    /// What the system gives all packets.
    SYSTEM,
    /// One less than they came with, as behind a router.
    COUNT_DOWN
}
