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
        @Default("200") int peerConnectionsPerUser,
        @Default("10000") int peerConnections,
        @Share(of = "allocationsPerUser", part = Share.HALF) int movesPerUser,
        @Share(of = "allocations", part = Share.HALF) int moves,
        @Default("1000") int pendingAuthentications,
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

    /// What holds where nothing is set.
    static RealmLimitsConfig defaults() {
        return Binder.defaults(RealmLimitsConfig.class);
    }

    /// Whether anything is set of the connections of TCP relays.
    boolean concernsPeerConnections() {
        RealmLimitsConfig defaults = defaults();
        return peerConnections != defaults.peerConnections
                || peerConnectionsPerUser != defaults.peerConnectionsPerUser;
    }

    /// Whether anything is set of clients that take their allocation along.
    boolean concernsMoves() {
        return moves != Math.max(1, allocations / 2)
                || movesPerUser != Math.max(1, allocationsPerUser / 2);
    }
}
