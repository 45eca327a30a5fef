package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The connections with peers of one core's allocations, and the one place where they begin and
/// end. Their number is bounded by [TcpRelaying] and [Admission].
final class ConnectionTable {

    private final TcpRelaying tcp;
    private final Admission admission;
    private final Deadlines deadlines;
    private final RandomGenerator random;
    private final Map<ConnectionId, PeerConnection> byId = new HashMap<>();

    ConnectionTable(
            TcpRelaying tcp, Admission admission, Deadlines deadlines, RandomGenerator random) {
        this.tcp = tcp;
        this.admission = admission;
        this.deadlines = deadlines;
        this.random = random;
    }

    @Nullable PeerConnection get(ConnectionId id) {
        return byId.get(id);
    }

    /// Takes a place for one more connection of the allocation, or names the limit that is
    /// reached.
    Optional<Limit> tryHoldPlace(Allocation allocation) {
        return allocation.connections.size() >= tcp.connectionsPerAllocation()
                ? Optional.of(Limit.PEER_CONNECTIONS_PER_ALLOCATION)
                : admission.tryAcquire(Resource.PEER_CONNECTION, allocation.holder);
    }

    /// Enters a connection that nobody can bind yet, in the place held for it.
    PeerConnection add(Allocation allocation, InetSocketAddress peer) {
        ConnectionId id = tcp.connections().add(allocation.owner, random);
        PeerConnection connection = new PeerConnection(allocation, id, peer);
        allocation.connections.put(peer, connection);
        byId.put(id, connection);
        return connection;
    }

    /// Lets the client bind a connection that is open, for as long as there is for that.
    void offer(PeerConnection connection, long nowNanos) {
        tcp.connections().offer(connection.id);
        deadlines.schedule(connection, nowNanos + tcp.bindTimeout().toNanos());
    }

    /// Forgets a connection whose time to be bound has passed. False if it was bound in time.
    boolean giveUp(PeerConnection connection) {
        boolean late = tcp.connections().giveUp(connection.id);
        if (late) {
            forget(connection);
        }
        return late;
    }

    void remove(PeerConnection connection) {
        tcp.connections().remove(connection.id);
        forget(connection);
    }

    /// Ends the connections of a relay (RFC 6062 §5.5).
    List<Effect> closeAll(Relay relay) {
        List<PeerConnection> closing =
                relay.allocation.connections.values().stream()
                        .filter(connection -> connection.family() == relay.family)
                        .toList();
        closing.forEach(this::remove);
        return closing.stream()
                .<Effect>map(
                        connection ->
                                new Effect.Tcp.Close(
                                        connection.id, PeerCloseReason.ALLOCATION_CLOSED))
                .toList();
    }

    private void forget(PeerConnection connection) {
        deadlines.cancel(connection);
        byId.remove(connection.id);
        connection.allocation.connections.remove(connection.peer);
        admission.release(Resource.PEER_CONNECTION, connection.allocation.holder);
    }
}
