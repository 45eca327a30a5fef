package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.net.InetSocketAddress;

/// One relayed transport address of an allocation. A dual allocation has two, each with a
/// lifetime of its own (RFC 8656 §8).
final class Relay extends Expiring {

    final Allocation allocation;
    final AddressFamily family;
    final InetSocketAddress relayed;

    Relay(Allocation allocation, AddressFamily family, InetSocketAddress relayed) {
        this.allocation = allocation;
        this.family = family;
        this.relayed = relayed;
    }
}
