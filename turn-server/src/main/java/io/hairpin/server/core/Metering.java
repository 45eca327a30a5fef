package io.hairpin.server.core;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The bandwidth of one core's allocations. All those of a user on this core, all of a realm, and
/// all on this core take from one [BandwidthShare] each: what lies in advance there does not grow
/// with them.
final class Metering {

    private final SharedBandwidth shared;
    private final @Nullable BandwidthShare server;
    private final Map<String, RealmShare> realms = new HashMap<>();
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

    /// A realm with allocations of UDP on this core.
    static final class RealmShare {
        final BandwidthShare share;
        private final String name;
        private int allocations;

        RealmShare(String name, BandwidthPool pool) {
            this.name = name;
            share = new BandwidthShare(pool);
        }
    }

    Metering(SharedBandwidth shared) {
        this.shared = shared;
        server = shared.server() == null ? null : new BandwidthShare(shared.server());
    }

    /// What a request asks for, as far as it may and can be had.
    @Nullable AskedBandwidth granted(StunMessage request) {
        BandwidthLimits limits = shared.limits();
        return limits.clientsAsk()
                ? AskedBandwidth.in(request)
                        .map(asked -> asked.within(limits.allocation()))
                        .orElse(null)
                : null;
    }

    /// What a new allocation may use, until [#close].
    ///
    /// @param asked what was granted of what its client asked for
    AllocationBandwidth open(
            Owner owner, RelayTransport transport, @Nullable AskedBandwidth asked, long nowNanos) {
        BandwidthLimits limits = shared.limits();
        if (limits.areNone() && asked == null) {
            return AllocationBandwidth.UNLIMITED;
        }
        Bandwidth own = asked == null ? limits.allocation() : asked.granted(limits.allocation());
        User user = enter(owner, nowNanos);
        BandwidthPool realm = shared.realm(owner.realm());
        return switch (transport) {
            case UDP ->
                    AllocationBandwidth.ofDatagrams(
                            own,
                            user,
                            realm == null ? null : enter(owner.realm(), realm),
                            server,
                            nowNanos);
            case TCP -> AllocationBandwidth.ofStreams(own, user, realm, shared.server());
        };
    }

    private RealmShare enter(String name, BandwidthPool pool) {
        RealmShare realm = realms.computeIfAbsent(name, _ -> new RealmShare(name, pool));
        realm.allocations++;
        return realm;
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
        RealmShare realm = bandwidth.realm();
        if (realm != null) {
            realm.allocations--;
            if (realm.allocations == 0) {
                realms.remove(realm.name);
                realm.share.giveBack();
            }
        }
    }
}
