package io.hairpin.server.core;

import java.time.Duration;

/// How much clients may do with TCP relays (RFC 6062), and what all cores share for that. Whom they
/// may reach is their realm's (see [TcpPeers]).
///
/// @param bindTimeout how long a connection waits for its client; RFC 6062 §5.2 has 30 seconds
public record TcpRelaying(
        int connectionsPerAllocation, Duration bindTimeout, PeerConnections connections) {}
