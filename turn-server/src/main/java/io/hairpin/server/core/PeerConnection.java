package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// A connection between a TCP relay and a peer. It expires unless its client binds it in time.
final class PeerConnection extends Expiring {

    final Allocation allocation;
    final ConnectionId id;
    final InetSocketAddress peer;

    /// The Connect request that is still to be answered, if there is one.
    @Nullable Request awaiting;

    PeerConnection(Allocation allocation, ConnectionId id, InetSocketAddress peer) {
        this.allocation = allocation;
        this.id = id;
        this.peer = peer;
    }

    AddressFamily family() {
        return AddressFamily.of(peer.getAddress());
    }
}
