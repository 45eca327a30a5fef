package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.CONNECTION_ALREADY_EXISTS;
import static io.hairpin.stun.ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.TransportAddress;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// Connect requests (RFC 6062 §5.2), in two phases: the answer waits until the peer has.
final class ConnectHandler {

    private final ConnectionTable connections;
    private final Responses responses;

    ConnectHandler(ConnectionTable connections, Responses responses) {
        this.connections = connections;
        this.responses = responses;
    }

    /// The checks of RFC 6062 §5.2. The first, that there is an allocation, is done by the caller.
    List<Effect> handle(Request request, Allocation allocation) {
        if (allocation.transport != RelayTransport.TCP) {
            return reject(request, BAD_REQUEST, "the allocation is one of UDP");
        }
        Optional<InetSocketAddress> named = request.message().find(XOR_PEER_ADDRESS);
        if (named.isEmpty()) {
            return reject(request, BAD_REQUEST, "no XOR-PEER-ADDRESS");
        }
        InetSocketAddress peer = EmbeddedIpv4.canonical(named.get());
        // One connection for each peer, be it open or on its way.
        if (allocation.connections.containsKey(peer)) {
            return reject(request, CONNECTION_ALREADY_EXISTS, "connected, or connecting");
        }
        if (!allocation.has(AddressFamily.of(peer.getAddress()))) {
            return reject(request, PEER_ADDRESS_FAMILY_MISMATCH, "no relay of that family");
        }
        // The policy. A connection needs no permission: the client asks for it by name.
        Optional<String> forbidden = forbidden(allocation, peer);
        if (forbidden.isPresent()) {
            return reject(request, FORBIDDEN, forbidden.get());
        }
        return connections
                .tryHoldPlace(allocation)
                .<List<Effect>>map(
                        limit -> List.of(responses.reject(request, INSUFFICIENT_CAPACITY, limit)))
                .orElseGet(() -> connect(request, connections.add(allocation, peer)));
    }

    private static Optional<String> forbidden(Allocation allocation, InetSocketAddress peer) {
        TcpPeers rules = allocation.realm.tcp();
        if (rules == null) {
            throw new IllegalStateException("a TCP relay in a realm without them");
        }
        PeerPolicy.Decision decision = rules.policy().permission(peer.getAddress());
        TransportAddress address = TransportAddress.of(peer);
        String named = "peer " + peer.getAddress().getHostAddress() + " port " + peer.getPort();
        if (!rules.policy()
                .admits(decision.reach(), address.high(), address.low(), address.port())) {
            return Optional.of(named + ": reach " + decision.reach() + ", " + decision.rule());
        }
        return rules.ports().test(peer.getPort())
                ? Optional.empty()
                : Optional.of(named + ": not one of peers.tcp.ports");
    }

    private static List<Effect> connect(Request request, PeerConnection connection) {
        connection.awaiting = request;
        return List.of(
                new Effect.Tcp.Connect(connection.allocation.id(), connection.id, connection.peer));
    }

    List<Effect> connected(Event.Tcp.Connected event, long nowNanos) {
        PeerConnection connection = connections.get(event.id());
        if (connection == null) {
            return List.of();
        }
        Request request = awaited(connection);
        connections.offer(connection, nowNanos);
        return List.of(
                responses.send(
                        request,
                        Responses.success(request.message())
                                .with(CONNECTION_ID, connection.id.value())));
    }

    List<Effect> failed(Event.Tcp.Failed event) {
        PeerConnection connection = connections.get(event.id());
        if (connection == null) {
            return List.of();
        }
        Request request = awaited(connection);
        connections.remove(connection);
        return reject(request, CONNECTION_TIMEOUT_OR_FAILURE, event.reason());
    }

    private static Request awaited(PeerConnection connection) {
        Request request = connection.awaiting;
        if (request == null) {
            throw new IllegalStateException("no connection was asked for by " + connection.id);
        }
        connection.awaiting = null;
        return request;
    }

    private List<Effect> reject(Request request, ErrorCode code, String detail) {
        return List.of(responses.reject(request, code, detail));
    }
}
