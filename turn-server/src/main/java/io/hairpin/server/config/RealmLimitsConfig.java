package io.hairpin.server.config;

/// How much the users of one realm may use, within what the whole server may.
///
/// @param allocations of all its users together, as are `reservations` and `peerConnections`
public record RealmLimitsConfig(
        @Default("20") int allocationsPerUser,
        @Default("10000") int allocations,
        @Default("20") int reservationsPerUser,
        @Default("1000") int reservations,
        @Default("200") int peerConnectionsPerUser,
        @Default("10000") int peerConnections,
        @Default("1000") int pendingAuthentications,
        RealmBandwidthConfig bandwidth) {

    private static final int MILLION = 1_000_000;

    public RealmLimitsConfig {
        new Rules()
                .range("allocations-per-user", allocationsPerUser, 1, MILLION)
                .range("allocations", allocations, 1, MILLION)
                .range("reservations-per-user", reservationsPerUser, 1, MILLION)
                .range("reservations", reservations, 0, MILLION)
                .range("peer-connections-per-user", peerConnectionsPerUser, 1, MILLION)
                .range("peer-connections", peerConnections, 1, MILLION)
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
}
