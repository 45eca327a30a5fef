package io.hairpin.server.core;

import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransportAddress;

/// A channel number bound to a peer (RFC 8656 §12).
public final class Channel extends Expiring implements AddressTable.Entry {

    final Allocation allocation;
    private final int number;
    private final TransportAddress peer;
    final PeerPolicy.Reach reach;

    /// The permission for the peer that was seen last. Once it has expired there may be another.
    Permission permission;

    Channel(
            Allocation allocation,
            int number,
            TransportAddress peer,
            PeerPolicy.Reach reach,
            Permission permission) {
        this.allocation = allocation;
        this.number = number;
        this.peer = peer;
        this.reach = reach;
        this.permission = permission;
    }

    public int number() {
        return number;
    }

    @Override
    public TransportAddress address() {
        return peer;
    }
}
