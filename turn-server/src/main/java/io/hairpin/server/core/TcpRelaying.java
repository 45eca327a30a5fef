package io.hairpin.server.core;

import java.time.Duration;
import java.util.function.IntPredicate;

/// What clients may do with TCP relays (RFC 6062), and what all cores share for that.
///
/// @param peers decides instead of the policy for UDP, since what listens on TCP is another matter
/// @param ports those that clients may have connections opened to; peers may come from any
/// @param bindTimeout how long a connection waits for its client; RFC 6062 §5.2 has 30 seconds
public record TcpRelaying(
        PeerPolicy peers,
        IntPredicate ports,
        int connectionsPerAllocation,
        Duration bindTimeout,
        PeerConnections connections) {}
