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
        @Default("200") int reservationsPerAddress,
        @Default("500") int reservationsPerNetwork,
        @Default("2000") int peerConnectionsPerAddress,
        @Default("5000") int peerConnectionsPerNetwork,
        @Default("100") int pendingAuthenticationsPerAddress,
        @Default("250") int pendingAuthenticationsPerNetwork,
        @Default("2000") int connectionsPerAddress,
        @Default("5000") int connectionsPerNetwork,
        @Default("250") int handshakesPerAddress,
        @Default("500") int handshakesPerNetwork) {

    private static final int MILLION = 1_000_000;

    public SourcesConfig {
        exempt = List.copyOf(exempt);
        Rules rules = new Rules();
        pair(rules, "allocations", allocationsPerAddress, allocationsPerNetwork);
        pair(rules, "reservations", reservationsPerAddress, reservationsPerNetwork);
        pair(rules, "peer-connections", peerConnectionsPerAddress, peerConnectionsPerNetwork);
        pair(
                rules,
                "pending-authentications",
                pendingAuthenticationsPerAddress,
                pendingAuthenticationsPerNetwork);
        pair(rules, "connections", connectionsPerAddress, connectionsPerNetwork);
        pair(rules, "handshakes", handshakesPerAddress, handshakesPerNetwork);
        rules.enforce();
    }

    private static void pair(Rules rules, String what, int perAddress, int perNetwork) {
        String address = what + "-per-address";
        String network = what + "-per-network";
        rules.range(address, perAddress, 1, MILLION)
                .range(network, perNetwork, 1, MILLION)
                .check(
                        perAddress <= perNetwork,
                        List.of(address, network),
                        String.valueOf(perAddress),
                        "it never matters: " + network + " is " + perNetwork,
                        "lower it, or raise limits.sources." + network);
    }
}
