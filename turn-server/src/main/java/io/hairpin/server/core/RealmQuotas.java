package io.hairpin.server.core;

/// How much the users of one realm may hold. Shared by all shards, thread-safe.
///
/// @param reservations ports that are kept for a second allocation
/// @param peerConnections connections of TCP relays with peers
public record RealmQuotas(Quotas allocations, Quotas reservations, Quotas peerConnections) {}
