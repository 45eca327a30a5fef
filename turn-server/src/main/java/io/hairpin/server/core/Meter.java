package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// What bounds the datagrams of one allocation in one direction: its own bandwidth, that of its
/// user, of its realm and of the server, as far as there are limits. Used on the allocation's
/// event loop.
final class Meter {

    private final @Nullable TokenBucket own;
    private final @Nullable BandwidthShare user;
    private final @Nullable BandwidthShare realm;
    private final @Nullable BandwidthShare server;

    Meter(
            @Nullable TokenBucket own,
            @Nullable BandwidthShare user,
            @Nullable BandwidthShare realm,
            @Nullable BandwidthShare server) {
        this.own = own;
        this.user = user;
        this.realm = realm;
        this.server = server;
    }

    /// Lets so many bytes pass and returns null, or says whose bandwidth is used up; then nobody is
    /// charged.
    @Nullable DropReason pass(int bytes, long nowNanos) {
        if (own != null && !own.has(bytes, nowNanos)) {
            return DropReason.ALLOCATION_BANDWIDTH;
        }
        if (user != null && !user.has(bytes, nowNanos)) {
            return DropReason.USER_BANDWIDTH;
        }
        if (realm != null && !realm.has(bytes, nowNanos)) {
            forgo(user);
            return DropReason.REALM_BANDWIDTH;
        }
        if (server != null && !server.has(bytes, nowNanos)) {
            forgo(user);
            forgo(realm);
            return DropReason.SERVER_BANDWIDTH;
        }
        if (own != null) {
            own.take(bytes);
        }
        if (user != null) {
            user.take(bytes);
        }
        if (realm != null) {
            realm.take(bytes);
        }
        if (server != null) {
            server.take(bytes);
        }
        return null;
    }

    private static void forgo(@Nullable BandwidthShare share) {
        if (share != null) {
            share.forgo();
        }
    }
}
