package io.hairpin.server;

import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.core.PeerConnections;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Reservations;
import io.hairpin.server.relay.RelayAddresses;
import io.hairpin.server.transport.ConnectionLimit;

import org.jspecify.annotations.Nullable;

/// The tables that all shards share, each with a limit of its own.
///
/// @param peers null if there are no TCP relays
record Tables(
        RelayAddresses ports,
        Quotas quotas,
        Reservations reservations,
        @Nullable PeerConnections peers,
        ConnectionLimit connections) {

    /// Shows how full they are: what leaks shows by not coming back to where it began.
    void register(ServerMetrics metrics) {
        metrics.table(
                "relay.ports.free",
                "Relay ports that are free, on all addresses together",
                ports::freePorts);
        metrics.table(
                "allocations.counted",
                "Allocations that count against limits.allocations, those being made too",
                quotas::held);
        metrics.table("reservations", "Ports kept for a second allocation", reservations::held);
        metrics.table(
                "tcp.connections", "Connections from clients over TCP and TLS", connections::held);
        if (peers != null) {
            metrics.table(
                    "peer.connections",
                    "Connections with peers of TCP relays that are open or being opened",
                    peers::held);
        }
    }
}
