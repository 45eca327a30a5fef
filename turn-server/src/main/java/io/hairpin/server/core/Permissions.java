package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// Installs permissions, within the realm's lifetime and all limits (RFC 8656 §9).
final class Permissions {

    private final Admission admission;
    private final Deadlines deadlines;

    Permissions(Admission admission, Deadlines deadlines) {
        this.admission = admission;
        this.deadlines = deadlines;
    }

    /// Takes places for those of the peers that there is no permission for yet, or none and names
    /// the limit that is reached.
    Optional<Limit> tryHoldPlaces(Allocation allocation, Set<InetAddress> peers) {
        int more = (int) peers.stream().filter(peer -> of(allocation, peer) == null).count();
        TurnPolicy policy = allocation.realm.policy();
        return allocation.permissions.size() + more > policy.permissionsPerAllocation()
                ? Optional.of(Limit.PERMISSIONS_PER_ALLOCATION)
                : admission.tryAcquire(Resource.PERMISSION, more, allocation.holder);
    }

    /// Installs a permission in the place held for it, or prolongs the one there is.
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
