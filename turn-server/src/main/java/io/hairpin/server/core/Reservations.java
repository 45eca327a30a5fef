package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The relayed transport addresses kept free for whoever shows their token (RFC 8656 §18.10).
/// Shared by all shards, thread-safe: the client may come back on another one.
///
/// Their number is bounded by [Admission].
public final class Reservations {

    /// @param holder whom it counts for
    record Reservation(Owner owner, InetSocketAddress relayed, Holder holder) {}

    private final ConcurrentMap<Long, Reservation> byToken = new ConcurrentHashMap<>();

    /// Returns false if the token is taken already, in which case nothing changed.
    boolean add(long token, Reservation reservation) {
        return byToken.putIfAbsent(token, reservation) == null;
    }

    /// Takes a reservation that `owner` made.
    Optional<Reservation> claim(long token, Owner owner) {
        Reservation found = byToken.get(token);
        return found != null && found.owner().equals(owner)
                ? remove(token, found)
                : Optional.empty();
    }

    /// Ends a reservation that nobody claimed, if it still stands.
    Optional<Reservation> expire(long token) {
        Reservation found = byToken.get(token);
        return found != null ? remove(token, found) : Optional.empty();
    }

    /// Gives it to one, even if two shards ask at the same time.
    private Optional<Reservation> remove(long token, Reservation found) {
        return byToken.remove(token, found) ? Optional.of(found) : Optional.empty();
    }

    /// The reservations that stand now.
    public int held() {
        return byToken.size();
    }
}
