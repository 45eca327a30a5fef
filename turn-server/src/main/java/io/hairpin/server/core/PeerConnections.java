package io.hairpin.server.core;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// The connections with peers that clients may bind, by their ids (RFC 6062 §5.4). Shared by all
/// shards, thread-safe: the connection that a client binds with may be on another one.
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

    private final int limit;
    private final AtomicInteger places = new AtomicInteger();
    private final ConcurrentMap<ConnectionId, Entry> entries = new ConcurrentHashMap<>();

    /// @param limit the most connections held at a time, of all clients together
    public PeerConnections(int limit) {
        this.limit = limit;
    }

    /// Takes a place for a connection of `owner`, which nobody can bind yet; empty if all are
    /// taken.
    Optional<ConnectionId> add(Owner owner, RandomGenerator random) {
        if (places.incrementAndGet() > limit) {
            places.decrementAndGet();
            return Optional.empty();
        }
        Entry entry = new Entry(owner, State.OPENING);
        ConnectionId id;
        do {
            id = new ConnectionId(random.nextLong() & MAX_ID);
        } while (entries.putIfAbsent(id, entry) != null);
        return Optional.of(id);
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
        return found != null && found.state() != State.BOUND && remove(id, found);
    }

    /// Forgets a connection, whatever has become of it.
    void remove(ConnectionId id) {
        if (entries.remove(id) != null) {
            places.decrementAndGet();
        }
    }

    private boolean remove(ConnectionId id, Entry found) {
        boolean removed = entries.remove(id, found);
        if (removed) {
            places.decrementAndGet();
        }
        return removed;
    }

    /// The connections held now, of all clients together.
    public int held() {
        return places.get();
    }
}
