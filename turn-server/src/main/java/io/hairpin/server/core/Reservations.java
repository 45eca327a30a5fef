package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The relayed transport addresses kept free for whoever shows their token (RFC 8656 §18.9).
/// Shared by all shards, thread-safe: the client may come back on another one.
public final class Reservations {

    private record Reservation(String username, InetSocketAddress relayed) {}

    private final int limit;
    private final ConcurrentMap<Long, Reservation> byToken = new ConcurrentHashMap<>();

    /// @param limit the most reservations held at a time; past it requests for one are refused
    public Reservations(int limit) {
        this.limit = limit;
    }

    boolean isFull() {
        return byToken.size() >= limit;
    }

    /// Returns false if the token is taken already, in which case nothing changed.
    boolean add(long token, String username, InetSocketAddress relayed) {
        return byToken.putIfAbsent(token, new Reservation(username, relayed)) == null;
    }

    /// Takes a reservation that `username` made.
    Optional<InetSocketAddress> claim(long token, String username) {
        Reservation found = byToken.get(token);
        return found != null && found.username().equals(username) && byToken.remove(token, found)
                ? Optional.of(found.relayed())
                : Optional.empty();
    }

    /// Ends a reservation that nobody claimed, if it still stands.
    Optional<InetSocketAddress> expire(long token) {
        return Optional.ofNullable(byToken.remove(token)).map(Reservation::relayed);
    }

    /// The reservations that stand now.
    public int held() {
        return byToken.size();
    }
}
