package io.hairpin.server.config;

import io.hairpin.server.core.Cidr;

import java.util.List;

/// How much clients may use by where they come from: their address, which is a /64 for IPv6, and
/// their network, a /24 of IPv4 or a /48 of IPv6.
///
/// @param exempt ranges of those who may use as much as they like
public record SourcesConfig(
        @Default("[ 127.0.0.0/8, \"::1/128\" ]") List<Cidr> exempt,
        @Default("2000") int allocationsPerAddress,
        @Default("5000") int allocationsPerNetwork,
        @Share(of = "allocationsPerAddress", part = Share.QUARTER_OF_64, atLeast = 64)
                int permissionsPerAddress,
        @Share(of = "allocationsPerNetwork", part = Share.QUARTER_OF_64, atLeast = 64)
                int permissionsPerNetwork,
        @Share(of = "allocationsPerAddress", part = Share.QUARTER_OF_64, atLeast = 64)
                int channelsPerAddress,
        @Share(of = "allocationsPerNetwork", part = Share.QUARTER_OF_64, atLeast = 64)
                int channelsPerNetwork,
        @Default("200") int reservationsPerAddress,
        @Default("500") int reservationsPerNetwork,
        @Concerns(Feature.TCP_RELAYS) @Default("2000") int peerConnectionsPerAddress,
        @Concerns(Feature.TCP_RELAYS) @Default("5000") int peerConnectionsPerNetwork,
        @Concerns(Feature.MOBILITY) @Share(of = "allocationsPerAddress", part = Share.HALF)
                int movesPerAddress,
        @Concerns(Feature.MOBILITY) @Share(of = "allocationsPerNetwork", part = Share.HALF)
                int movesPerNetwork,
        @Concerns(Feature.LOOK_UPS) @Default("100") int pendingAuthenticationsPerAddress,
        @Concerns(Feature.LOOK_UPS) @Default("250") int pendingAuthenticationsPerNetwork,
        @Concerns(Feature.CONNECTIONS) @Default("2000") int connectionsPerAddress,
        @Concerns(Feature.CONNECTIONS) @Default("5000") int connectionsPerNetwork,
        @Concerns(Feature.HANDSHAKES) @Default("250") int handshakesPerAddress,
        @Concerns(Feature.HANDSHAKES) @Default("500") int handshakesPerNetwork) {

    private static final int MILLION = 1_000_000;

    public SourcesConfig {
        exempt = List.copyOf(exempt);
        Rules rules = new Rules();
        pair(rules, "allocations", allocationsPerAddress, allocationsPerNetwork, MILLION);
        // What follows from these is as wrong as they are, and needs no line of its own.
        if (allocationsPerAddress <= allocationsPerNetwork) {
            int most = LimitsConfig.MAX_IN_ALLOCATIONS;
            pair(rules, "permissions", permissionsPerAddress, permissionsPerNetwork, most);
            pair(rules, "channels", channelsPerAddress, channelsPerNetwork, most);
            pair(rules, "moves", movesPerAddress, movesPerNetwork, most);
        }
        pair(rules, "reservations", reservationsPerAddress, reservationsPerNetwork, MILLION);
        pair(
                rules,
                "peer-connections",
                peerConnectionsPerAddress,
                peerConnectionsPerNetwork,
                MILLION);
        pair(
                rules,
                "pending-authentications",
                pendingAuthenticationsPerAddress,
                pendingAuthenticationsPerNetwork,
                MILLION);
        pair(rules, "connections", connectionsPerAddress, connectionsPerNetwork, MILLION);
        pair(rules, "handshakes", handshakesPerAddress, handshakesPerNetwork, MILLION);
        rules.enforce();
    }

    private static void pair(Rules rules, String what, int perAddress, int perNetwork, int most) {
        String address = what + "-per-address";
        String network = what + "-per-network";
        rules.range(address, perAddress, 1, most)
                .range(network, perNetwork, 1, most)
                .check(
                        perAddress <= perNetwork,
                        List.of(address, network),
                        String.valueOf(perAddress),
                        "it never matters: " + network + " is " + perNetwork,
                        "lower it, or raise limits.sources." + network);
    }
}
