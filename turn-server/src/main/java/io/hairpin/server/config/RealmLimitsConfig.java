package io.hairpin.server.config;

/// How much the users of one realm may use, within what the whole server may.
///
/// @param allocations of all its users together, as is everything else that is not per user
public record RealmLimitsConfig(
        @Default("20") int allocationsPerUser,
        @Default("10000") int allocations,
        @Share(of = "allocationsPerUser", part = Share.QUARTER_OF_64, atLeast = 64)
                int permissionsPerUser,
        @Share(of = "allocations", part = Share.QUARTER_OF_64, atLeast = 64) int permissions,
        @Share(of = "allocationsPerUser", part = Share.QUARTER_OF_64, atLeast = 64)
                int channelsPerUser,
        @Share(of = "allocations", part = Share.QUARTER_OF_64, atLeast = 64) int channels,
        @Default("20") int reservationsPerUser,
        @Default("1000") int reservations,
        @Concerns(Feature.TCP_RELAYS) @Default("200") int peerConnectionsPerUser,
        @Concerns(Feature.TCP_RELAYS) @Default("10000") int peerConnections,
        @Concerns(Feature.MOBILITY) @Share(of = "allocationsPerUser", part = Share.HALF)
                int movesPerUser,
        @Concerns(Feature.MOBILITY) @Share(of = "allocations", part = Share.HALF) int moves,
        @Concerns(Feature.LOOK_UPS_OF_REALM) @Default("1000") int pendingAuthentications,
        RealmBandwidthConfig bandwidth) {

    private static final int MILLION = 1_000_000;

    public RealmLimitsConfig {
        new Rules()
                .range("allocations-per-user", allocationsPerUser, 1, MILLION)
                .range("allocations", allocations, 1, MILLION)
                .range(
                        "permissions-per-user",
                        permissionsPerUser,
                        1,
                        LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("permissions", permissions, 1, LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("channels-per-user", channelsPerUser, 1, LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("channels", channels, 1, LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("reservations-per-user", reservationsPerUser, 1, MILLION)
                .range("reservations", reservations, 0, MILLION)
                .range("peer-connections-per-user", peerConnectionsPerUser, 1, MILLION)
                .range("peer-connections", peerConnections, 1, MILLION)
                .range("moves-per-user", movesPerUser, 1, LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("moves", moves, 1, LimitsConfig.MAX_IN_ALLOCATIONS)
                .range("pending-authentications", pendingAuthentications, 1, MILLION)
                .enforce();
    }
}
