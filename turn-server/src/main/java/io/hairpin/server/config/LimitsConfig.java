package io.hairpin.server.config;

import java.time.Duration;

/// How much clients may use and how long things live.
public record LimitsConfig(
        @Default("20") int allocationsPerUser,
        @Default("10000") int allocations,
        @Default("64") int permissionsPerAllocation,
        @Share(
                        of = {"allocationsPerUser", "permissionsPerAllocation"},
                        part = Share.QUARTER)
                int permissionsPerUser,
        @Share(
                        of = {"allocations", "permissionsPerAllocation"},
                        part = Share.QUARTER)
                int permissions,
        @Default("64") int channelsPerAllocation,
        @Share(
                        of = {"allocationsPerUser", "channelsPerAllocation"},
                        part = Share.QUARTER)
                int channelsPerUser,
        @Share(
                        of = {"allocations", "channelsPerAllocation"},
                        part = Share.QUARTER)
                int channels,
        @Default("20") int reservationsPerUser,
        @Default("1000") int reservations,
        @Concerns(Feature.TCP_RELAYS) @Default("200") int peerConnectionsPerUser,
        @Concerns(Feature.TCP_RELAYS) @Default("10000") int peerConnections,
        @Concerns(Feature.TCP_RELAYS) @Default("32") int peerConnectionsPerAllocation,
        @Concerns(Feature.TCP_RELAYS) @Default("30s") Duration peerConnectTimeout,
        @Concerns(Feature.UDP) @Default("100") int unauthenticatedPerSource,
        @Concerns(Feature.UDP) @Default("1000") int unauthenticatedPerNetwork,
        @Concerns(Feature.UDP) @Default("20000") int unauthenticatedInAll,
        @Concerns(Feature.LOOK_UPS) @Default("1000") int pendingAuthentications,
        @Concerns(Feature.TCP) @Default("10000") int tcpConnections,
        @Concerns(Feature.TCP) @Default("256KiB") ByteSize tcpWriteQueue,
        @Concerns(Feature.TCP) @Default("5m") Duration tcpIdleTimeout,
        @Concerns(Feature.TCP) @Default("10s") Duration tcpFirstMessageTimeout,
        @Concerns(Feature.TLS) @Default("1000") int tlsHandshakes,
        @Concerns(Feature.TLS) @Default("10s") Duration tlsHandshakeTimeout,
        @Concerns(Feature.DTLS) @Default("10000") int dtlsSessions,
        @Concerns(Feature.DTLS) @Default("1000") int dtlsHandshakes,
        @Concerns(Feature.DTLS) @Default("10s") Duration dtlsHandshakeTimeout,
        @Concerns(Feature.DTLS) @Default("5m") Duration dtlsIdleTimeout,
        @Default("10m") Duration defaultLifetime,
        @Default("1h") Duration maxLifetime,
        @Default("5m") Duration permissionLifetime,
        @Default("10m") Duration channelLifetime,
        @Concerns(Feature.MOBILITY) @Default("20") int movesPerMinute,
        @Concerns(Feature.MOBILITY) @Share(of = "allocationsPerUser", part = Share.HALF)
                int movesPerUser,
        @Concerns(Feature.MOBILITY) @Share(of = "allocations", part = Share.HALF) int moves,
        BandwidthConfig bandwidth,
        SourcesConfig sources) {

    private static final int MILLION = 1_000_000;

    /// Of what allocations hold, since there may be a million of those.
    static final int MAX_IN_ALLOCATIONS = 1000 * MILLION;

    /// As many as RFC 5766 §11 has numbers for, 0x4000 to 0x7FFE.
    private static final int MAX_CHANNELS = 0x7FFF - 0x4000;

    /// Each holds tens of kilobytes while it lasts.
    private static final int MAX_HANDSHAKES = 100_000;

    /// A TURN message over TCP is at most 64 KiB, so less would never let a large one through.
    private static final ByteSize MIN_WRITE_QUEUE = new ByteSize(64 << 10);

    private static final ByteSize MAX_WRITE_QUEUE = new ByteSize(64 << 20);

    /// RFC 6062 §5.2.
    private static final Duration MIN_PEER_CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration MAX_PEER_CONNECT_TIMEOUT = Duration.ofHours(24);

    public LimitsConfig {
        new Rules()
                .range("allocations-per-user", allocationsPerUser, 1, MILLION)
                .range("allocations", allocations, 1, MILLION)
                .range("permissions-per-user", permissionsPerUser, 1, MAX_IN_ALLOCATIONS)
                .range("permissions", permissions, 1, MAX_IN_ALLOCATIONS)
                .range("permissions-per-allocation", permissionsPerAllocation, 1, MILLION)
                .range("channels-per-user", channelsPerUser, 1, MAX_IN_ALLOCATIONS)
                .range("channels", channels, 1, MAX_IN_ALLOCATIONS)
                .range("channels-per-allocation", channelsPerAllocation, 1, MAX_CHANNELS)
                .range("reservations-per-user", reservationsPerUser, 1, MILLION)
                .range("reservations", reservations, 0, MILLION)
                .range("peer-connections-per-user", peerConnectionsPerUser, 1, MILLION)
                .range("peer-connections", peerConnections, 1, MILLION)
                .range("peer-connections-per-allocation", peerConnectionsPerAllocation, 1, MILLION)
                .range(
                        "peer-connect-timeout",
                        peerConnectTimeout,
                        MIN_PEER_CONNECT_TIMEOUT,
                        MAX_PEER_CONNECT_TIMEOUT)
                .range("unauthenticated-per-source", unauthenticatedPerSource, 1, MILLION)
                .range("unauthenticated-per-network", unauthenticatedPerNetwork, 1, MILLION)
                .range("unauthenticated-in-all", unauthenticatedInAll, 1, MILLION)
                .check(
                        unauthenticatedPerSource <= unauthenticatedPerNetwork,
                        "unauthenticated-per-source",
                        String.valueOf(unauthenticatedPerSource),
                        "it is above unauthenticated-per-network, " + unauthenticatedPerNetwork,
                        "lower it, or raise limits.unauthenticated-per-network")
                .check(
                        unauthenticatedPerNetwork <= unauthenticatedInAll,
                        "unauthenticated-per-network",
                        String.valueOf(unauthenticatedPerNetwork),
                        "it is above unauthenticated-in-all, " + unauthenticatedInAll,
                        "lower it, or raise limits.unauthenticated-in-all")
                .range("pending-authentications", pendingAuthentications, 1, MILLION)
                .range("tcp-connections", tcpConnections, 1, MILLION)
                .range("tcp-write-queue", tcpWriteQueue, MIN_WRITE_QUEUE, MAX_WRITE_QUEUE)
                .range("tcp-idle-timeout", tcpIdleTimeout)
                .range("tcp-first-message-timeout", tcpFirstMessageTimeout)
                .range("tls-handshakes", tlsHandshakes, 1, MAX_HANDSHAKES)
                .range("tls-handshake-timeout", tlsHandshakeTimeout)
                .range("dtls-sessions", dtlsSessions, 1, MILLION)
                .range("dtls-handshakes", dtlsHandshakes, 1, MAX_HANDSHAKES)
                .range("dtls-handshake-timeout", dtlsHandshakeTimeout)
                .range("dtls-idle-timeout", dtlsIdleTimeout)
                .range("default-lifetime", defaultLifetime)
                .range("max-lifetime", maxLifetime)
                .range("permission-lifetime", permissionLifetime)
                .range("channel-lifetime", channelLifetime)
                .range("moves-per-user", movesPerUser, 1, MAX_IN_ALLOCATIONS)
                .range("moves", moves, 1, MAX_IN_ALLOCATIONS)
                .range("moves-per-minute", movesPerMinute, 1, MILLION)
                .check(
                        defaultLifetime.compareTo(maxLifetime) <= 0,
                        "default-lifetime",
                        DurationText.format(defaultLifetime),
                        "it is above max-lifetime, " + DurationText.format(maxLifetime),
                        "lower it, or raise limits.max-lifetime")
                .enforce();
    }

    /// What holds where nothing is set.
    public static LimitsConfig defaults() {
        return Binder.defaults(LimitsConfig.class);
    }
}
