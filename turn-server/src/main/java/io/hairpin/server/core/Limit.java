package io.hairpin.server.core;

/// A limit that a request can meet.
public enum Limit {
    ALLOCATIONS("allocations"),
    REALM_ALLOCATIONS(Of.REALM, "allocations"),
    ALLOCATIONS_PER_USER("allocations-per-user"),
    ALLOCATIONS_PER_ADDRESS("sources.allocations-per-address"),
    ALLOCATIONS_PER_NETWORK("sources.allocations-per-network"),
    PERMISSIONS("permissions"),
    REALM_PERMISSIONS(Of.REALM, "permissions"),
    PERMISSIONS_PER_USER("permissions-per-user"),
    PERMISSIONS_PER_ADDRESS("sources.permissions-per-address"),
    PERMISSIONS_PER_NETWORK("sources.permissions-per-network"),
    PERMISSIONS_PER_ALLOCATION("permissions-per-allocation"),
    CHANNELS("channels"),
    REALM_CHANNELS(Of.REALM, "channels"),
    CHANNELS_PER_USER("channels-per-user"),
    CHANNELS_PER_ADDRESS("sources.channels-per-address"),
    CHANNELS_PER_NETWORK("sources.channels-per-network"),
    CHANNELS_PER_ALLOCATION("channels-per-allocation"),
    RESERVATIONS("reservations"),
    REALM_RESERVATIONS(Of.REALM, "reservations"),
    RESERVATIONS_PER_USER("reservations-per-user"),
    RESERVATIONS_PER_ADDRESS("sources.reservations-per-address"),
    RESERVATIONS_PER_NETWORK("sources.reservations-per-network"),
    PEER_CONNECTIONS("peer-connections"),
    REALM_PEER_CONNECTIONS(Of.REALM, "peer-connections"),
    PEER_CONNECTIONS_PER_USER("peer-connections-per-user"),
    PEER_CONNECTIONS_PER_ADDRESS("sources.peer-connections-per-address"),
    PEER_CONNECTIONS_PER_NETWORK("sources.peer-connections-per-network"),
    PEER_CONNECTIONS_PER_ALLOCATION("peer-connections-per-allocation"),
    PENDING_AUTHENTICATIONS("pending-authentications"),
    REALM_PENDING_AUTHENTICATIONS(Of.REALM, "pending-authentications"),
    PENDING_AUTHENTICATIONS_PER_ADDRESS("sources.pending-authentications-per-address"),
    PENDING_AUTHENTICATIONS_PER_NETWORK("sources.pending-authentications-per-network"),
    MOVES("moves"),
    REALM_MOVES(Of.REALM, "moves"),
    MOVES_PER_USER("moves-per-user"),
    MOVES_PER_ADDRESS("sources.moves-per-address"),
    MOVES_PER_NETWORK("sources.moves-per-network"),
    MOVES_PER_MINUTE("moves-per-minute");

    /// Whose limit it is.
    private enum Of {
        SERVER("limits."),
        REALM("realms.limits.");

        private final String section;

        Of(String section) {
            this.section = section;
        }
    }

    private final Of of;
    private final String name;

    Limit(String name) {
        this(Of.SERVER, name);
    }

    Limit(Of of, String name) {
        this.of = of;
        this.name = name;
    }

    /// What it is called where limits are told apart: as under `limits` in a configuration, or with
    /// `realms.limits.` in front if it is that of a realm.
    public String key() {
        return of == Of.SERVER ? name : setting();
    }

    /// Where it is set.
    String setting() {
        return of.section + name;
    }
}
