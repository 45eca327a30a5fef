package io.hairpin.server.core;

/// A limit that a request can meet; [#key] is what it is called under `limits` in a configuration.
public enum Limit {
    ALLOCATIONS("allocations"),
    ALLOCATIONS_PER_USER("allocations-per-user"),
    ALLOCATIONS_PER_ADDRESS("sources.allocations-per-address"),
    ALLOCATIONS_PER_NETWORK("sources.allocations-per-network"),
    PERMISSIONS_PER_ALLOCATION("permissions-per-allocation"),
    CHANNELS_PER_ALLOCATION("channels-per-allocation"),
    RESERVATIONS("reservations"),
    PEER_CONNECTIONS("peer-connections"),
    PEER_CONNECTIONS_PER_ALLOCATION("peer-connections-per-allocation"),
    MOVES_PER_MINUTE("moves-per-minute");

    private final String key;

    Limit(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
