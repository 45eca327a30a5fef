package io.hairpin.server.core;

import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransportAddress;

/// Lets data pass between an allocation and one peer address, on any port (RFC 8656 §9).
final class Permission extends Expiring implements AddressTable.Entry {

    /// Stands for all ports of an address.
    static final int ANY_PORT = 0;

    final Allocation allocation;
    private final TransportAddress peer;
    final PeerPolicy.Reach reach;

    Permission(Allocation allocation, TransportAddress peer, PeerPolicy.Reach reach) {
        this.allocation = allocation;
        this.peer = peer;
        this.reach = reach;
    }

    @Override
    public TransportAddress address() {
        return peer;
    }
}
