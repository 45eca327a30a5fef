package io.hairpin.server.core;

/// How much clients may hold by where they come from. Shared by all shards, thread-safe.
///
/// @param reservations ports that are kept for a second allocation
/// @param peerConnections connections of TCP relays with peers
public record SourceLimits(
        SourceQuotas allocations, SourceQuotas reservations, SourceQuotas peerConnections) {

    /// As much as they like.
    public static final SourceLimits NONE =
            new SourceLimits(SourceQuotas.NONE, SourceQuotas.NONE, SourceQuotas.NONE);
}
