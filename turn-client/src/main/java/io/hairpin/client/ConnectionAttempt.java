package io.hairpin.client;

import java.net.InetSocketAddress;

/// A peer connected to our TCP relay, and waits to be bound (RFC 6062 §4.4).
public record ConnectionAttempt(InetSocketAddress peer, long connectionId) {}
