package io.hairpin.server.core;

import java.net.InetAddress;

/// Installs permissions, within the policy's lifetime and limit (RFC 8656 §9).
final class Permissions {

    private final TurnPolicy policy;
    private final PeerPolicy peers;
    private final Deadlines deadlines;

    Permissions(TurnPolicy policy, PeerPolicy peers, Deadlines deadlines) {
        this.policy = policy;
        this.peers = peers;
        this.deadlines = deadlines;
    }

    PeerPolicy.Decision decide(InetAddress peer) {
        return peers.permission(peer);
    }

    /// How many more the allocation may hold.
    int room(Allocation allocation) {
        return policy.permissionsPerAllocation() - allocation.permissions.size();
    }

    /// Installs a permission or prolongs the one there is; the caller has seen to the room.
    void install(Allocation allocation, InetAddress peer, PeerPolicy.Reach reach, long nowNanos) {
        Permission permission = allocation.permissions.get(peer);
        if (permission == null) {
            permission = new Permission(allocation, peer, reach);
            allocation.permissions.put(peer, permission);
        }
        deadlines.schedule(permission, nowNanos + policy.permissionLifetime().toNanos());
    }
}
