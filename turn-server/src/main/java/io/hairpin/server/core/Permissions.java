package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// Installs permissions, within the realm's lifetime and limit (RFC 8656 §9).
final class Permissions {

    private final Deadlines deadlines;

    Permissions(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    boolean has(Allocation allocation, InetAddress peer) {
        return of(allocation, peer) != null;
    }

    /// How many more the allocation may hold.
    int room(Allocation allocation) {
        return allocation.realm.policy().permissionsPerAllocation() - allocation.permissions.size();
    }

    /// Installs a permission or prolongs the one there is; the caller has seen to the room.
    Permission install(
            Allocation allocation, InetAddress peer, PeerPolicy.Reach reach, long nowNanos) {
        Permission permission = of(allocation, peer);
        if (permission == null) {
            permission = new Permission(allocation, key(peer), reach);
            allocation.permissions.put(permission);
        }
        TurnPolicy policy = allocation.realm.policy();
        deadlines.schedule(permission, nowNanos + policy.permissionLifetime().toNanos());
        return permission;
    }

    private static @Nullable Permission of(Allocation allocation, InetAddress peer) {
        return allocation.permissions.get(key(peer));
    }

    private static TransportAddress key(InetAddress peer) {
        return new TransportAddress(
                TransportAddress.high(peer), TransportAddress.low(peer), Permission.ANY_PORT);
    }
}
