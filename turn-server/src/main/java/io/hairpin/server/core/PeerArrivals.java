package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/// Connections that peers open to TCP relays (RFC 6062 §5.3).
final class PeerArrivals {

    private final ConnectionTable connections;
    private final RandomGenerator random;

    PeerArrivals(ConnectionTable connections, RandomGenerator random) {
        this.connections = connections;
        this.random = random;
    }

    /// @param allocation whose relay it is, or null if that has gone
    List<Effect> handle(Event.Tcp.Arrived event, @Nullable Allocation allocation, long nowNanos) {
        if (allocation == null) {
            return turnAway(event, DropReason.NO_ALLOCATION);
        }
        InetSocketAddress peer = event.peer();
        TransportAddress address = TransportAddress.of(peer);
        DropReason refusal =
                allocation.refusal(address.high(), address.low(), address.port(), nowNanos);
        if (refusal != null) {
            return turnAway(event, refusal);
        }
        if (allocation.connections.containsKey(peer)) {
            return turnAway(event, DropReason.PEER_CONNECTED);
        }
        if (connections.tryHoldPlace(allocation).isPresent()) {
            return turnAway(event, DropReason.CONNECTION_LIMIT);
        }
        PeerConnection connection = connections.add(allocation, peer);
        connections.offer(connection, nowNanos);
        return List.of(
                new Effect.Tcp.Admit(allocation.id(), event.arrival(), connection.id),
                new Effect.Tcp.Announce(allocation.client(), attempt(connection)));
    }

    private StunMessage attempt(PeerConnection connection) {
        return StunMessage.indication(Method.CONNECTION_ATTEMPT, TransactionId.random(random))
                .with(XOR_PEER_ADDRESS, connection.peer)
                .with(CONNECTION_ID, connection.id.value())
                .build();
    }

    private static List<Effect> turnAway(Event.Tcp.Arrived event, DropReason reason) {
        return List.of(new Effect.Tcp.TurnAway(event.allocation(), event.arrival(), reason));
    }
}
