package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/// How much data may pass through one allocation.
///
/// @param user what the user's allocations on the same core share; null if users have no limit
/// @param realm what the realm's UDP relays on the same core share; null if it has no limit
/// @param toPeers for the datagrams of a UDP relay, as is `toClient`
/// @param streams for the connections of a TCP relay
record AllocationBandwidth(
        Metering.@Nullable User user,
        Metering.@Nullable RealmShare realm,
        @Nullable Meter toPeers,
        @Nullable Meter toClient,
        StreamBandwidth streams) {

    /// As much as comes.
    static final AllocationBandwidth UNLIMITED =
            new AllocationBandwidth(null, null, null, null, StreamBandwidth.NONE);

    /// Of a UDP relay.
    static AllocationBandwidth ofDatagrams(
            @Nullable Bandwidth own,
            Metering.@Nullable User user,
            Metering.@Nullable RealmShare realm,
            @Nullable BandwidthShare server,
            long nowNanos) {
        BandwidthShare ofRealm = realm == null ? null : realm.share;
        return new AllocationBandwidth(
                user,
                realm,
                new Meter(
                        bucket(own, nowNanos), user == null ? null : user.toPeers, ofRealm, server),
                new Meter(
                        bucket(own, nowNanos),
                        user == null ? null : user.toClient,
                        ofRealm,
                        server),
                StreamBandwidth.NONE);
    }

    private static @Nullable TokenBucket bucket(@Nullable Bandwidth own, long nowNanos) {
        return own == null ? null : new TokenBucket(own, nowNanos);
    }

    /// Of a TCP relay.
    static AllocationBandwidth ofStreams(
            @Nullable Bandwidth own,
            Metering.@Nullable User user,
            @Nullable BandwidthPool realm,
            @Nullable BandwidthPool server) {
        return new AllocationBandwidth(
                user,
                null,
                null,
                null,
                new StreamBandwidth(
                        pools(own, user == null ? null : user.shared.toPeers, realm, server),
                        pools(own, user == null ? null : user.shared.toClient, realm, server)));
    }

    private static List<BandwidthPool> pools(
            @Nullable Bandwidth own,
            @Nullable BandwidthPool user,
            @Nullable BandwidthPool realm,
            @Nullable BandwidthPool server) {
        return Stream.of(
                        Stream.ofNullable(own).map(BandwidthPool::new),
                        Stream.ofNullable(user),
                        Stream.ofNullable(realm),
                        Stream.ofNullable(server))
                .flatMap(pool -> pool)
                .toList();
    }
}
