package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The bandwidth of one core's allocations. All those of a user on this core, and all on this core,
/// take from one [BandwidthShare]: what lies in advance there grows with neither.
final class Metering {

    private final SharedBandwidth shared;
    private final @Nullable BandwidthShare server;
    private final Map<Owner, User> users = new HashMap<>();

    /// A user with allocations on this core.
    static final class User {
        final SharedBandwidth.User shared;
        final BandwidthShare toPeers;
        final BandwidthShare toClient;
        private int allocations;

        User(SharedBandwidth.User shared) {
            this.shared = shared;
            toPeers = new BandwidthShare(shared.toPeers);
            toClient = new BandwidthShare(shared.toClient);
        }
    }

    Metering(SharedBandwidth shared) {
        this.shared = shared;
        server = shared.server() == null ? null : new BandwidthShare(shared.server());
    }

    /// What a new allocation may use, until [#close].
    AllocationBandwidth open(Owner owner, RelayTransport transport, long nowNanos) {
        BandwidthLimits limits = shared.limits();
        if (limits.areNone()) {
            return AllocationBandwidth.UNLIMITED;
        }
        User user = enter(owner, nowNanos);
        return switch (transport) {
            case UDP ->
                    AllocationBandwidth.ofDatagrams(limits.allocation(), user, server, nowNanos);
            case TCP -> AllocationBandwidth.ofStreams(limits.allocation(), user, shared.server());
        };
    }

    private @Nullable User enter(Owner owner, long nowNanos) {
        SharedBandwidth.User entered = shared.enter(owner, nowNanos);
        if (entered == null) {
            return null;
        }
        User user = users.computeIfAbsent(owner, _ -> new User(entered));
        user.allocations++;
        return user;
    }

    void close(AllocationBandwidth bandwidth) {
        User user = bandwidth.user();
        if (user != null) {
            user.allocations--;
            if (user.allocations == 0) {
                users.remove(user.shared.owner);
                user.toPeers.giveBack();
                user.toClient.giveBack();
            }
            shared.leave(user.shared);
        }
    }
}
