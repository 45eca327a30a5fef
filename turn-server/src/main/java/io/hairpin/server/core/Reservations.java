package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The relayed transport addresses kept free for whoever shows their token (RFC 8656 §18.10).
/// Shared by all shards, thread-safe: the client may come back on another one.
public final class Reservations {

    private record Reservation(Owner owner, InetSocketAddress relayed) {}

    private final int limit;
    private final AtomicInteger places = new AtomicInteger();
    private final ConcurrentMap<Long, Reservation> byToken = new ConcurrentHashMap<>();

    /// @param limit the most reservations held at a time; past it requests for one are refused
    public Reservations(int limit) {
        this.limit = limit;
    }

    /// Takes a place for a reservation whose port is still to be opened, so that requests under
    /// way at the same time stay within the limit together. False if all places are taken.
    boolean tryHoldPlace() {
        if (places.incrementAndGet() > limit) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    /// Gives back a place that no reservation was made in.
    void releasePlace() {
        places.decrementAndGet();
    }

    /// Makes a reservation in a place held for it. Returns false if the token is taken already, in
    /// which case nothing changed.
    boolean add(long token, Owner owner, InetSocketAddress relayed) {
        return byToken.putIfAbsent(token, new Reservation(owner, relayed)) == null;
    }

    /// Takes a reservation that `owner` made.
    Optional<InetSocketAddress> claim(long token, Owner owner) {
        Reservation found = byToken.get(token);
        return found != null && found.owner().equals(owner)
                ? remove(token, found)
                : Optional.empty();
    }

    /// Ends a reservation that nobody claimed, if it still stands.
    Optional<InetSocketAddress> expire(long token) {
        Reservation found = byToken.get(token);
        return found != null ? remove(token, found) : Optional.empty();
    }

    private Optional<InetSocketAddress> remove(long token, Reservation found) {
        if (!byToken.remove(token, found)) {
            return Optional.empty(); // another shard was quicker
        }
        releasePlace();
        return Optional.of(found.relayed());
    }

    /// The reservations that stand now.
    public int held() {
        return byToken.size();
    }
}
