package io.hairpin.server.core;

import java.util.function.IntPredicate;

/// Whom clients may reach through TCP relays (RFC 6062).
///
/// @param policy decides instead of the one for UDP, since what listens on TCP is another matter
/// @param ports those that clients may have connections opened to; peers may come from any
public record TcpPeers(PeerPolicy policy, IntPredicate ports) {}
