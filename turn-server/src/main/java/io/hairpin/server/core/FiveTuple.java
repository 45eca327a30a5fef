package io.hairpin.server.core;

import java.net.InetSocketAddress;

/// The pair of transport addresses and the transport that name one client (RFC 8656 §2).
///
/// `server` is the address the listener was bound to, which may be a wildcard.
public record FiveTuple(Transport transport, InetSocketAddress client, InetSocketAddress server) {}
