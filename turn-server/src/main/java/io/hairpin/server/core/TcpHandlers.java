package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.random.RandomGenerator;

/// All that RFC 6062 adds to a core. There is none where TCP relays are off.
final class TcpHandlers {

    private final Allocations allocations;
    private final ConnectionTable connections;
    private final ConnectHandler connect;
    private final ConnectionBindHandler connectionBind;
    private final PeerArrivals arrivals;

    TcpHandlers(
            TcpRelaying tcp,
            ConnectionTable connections,
            Allocations allocations,
            Responses responses,
            RandomGenerator random) {
        this.allocations = allocations;
        this.connections = connections;
        connect = new ConnectHandler(connections, responses);
        connectionBind = new ConnectionBindHandler(tcp.connections(), responses);
        arrivals = new PeerArrivals(connections, random);
    }

    List<Effect> connect(Request request, Allocation allocation) {
        return connect.handle(request, allocation);
    }

    List<Effect> connectionBind(Request request, boolean busy) {
        return connectionBind.handle(request, busy);
    }

    List<Effect> handle(Event.Tcp event, long nowNanos) {
        return switch (event) {
            case Event.Tcp.Connected connected -> connect.connected(connected, nowNanos);
            case Event.Tcp.Failed failed -> connect.failed(failed);
            case Event.Tcp.Arrived arrived ->
                    arrivals.handle(arrived, allocations.get(arrived.allocation()), nowNanos);
            case Event.Tcp.Closed(var id) -> closed(connections.get(id));
        };
    }

    private List<Effect> closed(@Nullable PeerConnection connection) {
        if (connection != null) {
            connections.remove(connection);
        }
        return List.of();
    }

    /// The time to bind a connection has passed.
    List<Effect> expired(PeerConnection connection) {
        return connections.giveUp(connection)
                ? List.of(new Effect.Tcp.Close(connection.id, PeerCloseReason.NOT_BOUND))
                : List.of();
    }
}
