package io.hairpin.server.core;

import java.net.InetAddress;

/// Lets data pass between an allocation and one peer address, on any port (RFC 8656 §9).
final class Permission extends Expiring {

    final Allocation allocation;
    final InetAddress peer;
    final PeerPolicy.Reach reach;

    Permission(Allocation allocation, InetAddress peer, PeerPolicy.Reach reach) {
        this.allocation = allocation;
        this.peer = peer;
        this.reach = reach;
    }
}
