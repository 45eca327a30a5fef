package io.hairpin.server.core;

import java.net.InetSocketAddress;

/// A channel number bound to a peer (RFC 8656 §12).
public final class Channel extends Expiring {

    final Allocation allocation;
    private final int number;
    private final InetSocketAddress peer;
    final PeerPolicy.Reach reach;

    Channel(Allocation allocation, int number, InetSocketAddress peer, PeerPolicy.Reach reach) {
        this.allocation = allocation;
        this.number = number;
        this.peer = peer;
        this.reach = reach;
    }

    public int number() {
        return number;
    }

    public InetSocketAddress peer() {
        return peer;
    }
}
