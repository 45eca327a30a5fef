package io.hairpin.server.core;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/// The connections with peers that clients may bind, by their ids (RFC 6062 §5.4). Shared by all
/// shards, thread-safe: the connection that a client binds with may be on another one.
///
/// Their number is bounded by [Admission].
public final class PeerConnections {

    private static final long MAX_ID = 0xFFFF_FFFFL;

    private enum State {
        /// Not there yet, or not offered to the client.
        OPENING,
        /// Waits for its client.
        WAITING,
        BOUND
    }

    private record Entry(Owner owner, State state) {

        Entry in(State next) {
            return new Entry(owner, next);
        }
    }

    private final ConcurrentMap<ConnectionId, Entry> entries = new ConcurrentHashMap<>();

    /// Enters a connection of `owner`, which nobody can bind yet.
    ConnectionId add(Owner owner, RandomGenerator random) {
        Entry entry = new Entry(owner, State.OPENING);
        ConnectionId id;
        do {
            id = new ConnectionId(random.nextLong() & MAX_ID);
        } while (entries.putIfAbsent(id, entry) != null);
        return id;
    }

    /// Lets its client bind the connection from now on.
    void offer(ConnectionId id) {
        entries.computeIfPresent(id, (_, entry) -> entry.in(State.WAITING));
    }

    /// Binds a connection, once, if it waits for `owner`.
    boolean bind(ConnectionId id, Owner owner) {
        Entry found = entries.get(id);
        return found != null
                && found.state() == State.WAITING
                && found.owner().equals(owner)
                && entries.replace(id, found, found.in(State.BOUND));
    }

    /// Forgets a connection that nobody has bound; false if somebody was quicker.
    boolean giveUp(ConnectionId id) {
        Entry found = entries.get(id);
        return found != null && found.state() != State.BOUND && entries.remove(id, found);
    }

    /// Forgets a connection, whatever has become of it.
    void remove(ConnectionId id) {
        entries.remove(id);
    }

    /// The connections held now, of all clients together.
    public int held() {
        return entries.size();
    }
}
