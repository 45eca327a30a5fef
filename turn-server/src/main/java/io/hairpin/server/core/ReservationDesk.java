package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One core's access to the [Reservations] of the server: hands out tokens and sees that they
/// expire.
final class ReservationDesk {

    private final TurnPolicy policy;
    private final Reservations reservations;
    private final Deadlines deadlines;
    private final RandomGenerator random;

    ReservationDesk(
            TurnPolicy policy,
            Reservations reservations,
            Deadlines deadlines,
            RandomGenerator random) {
        this.policy = policy;
        this.reservations = reservations;
        this.deadlines = deadlines;
        this.random = random;
    }

    boolean tryHoldPlace() {
        return reservations.tryHoldPlace();
    }

    void releasePlace() {
        reservations.releasePlace();
    }

    Optional<InetSocketAddress> claim(long token, Owner owner) {
        return reservations.claim(token, owner);
    }

    /// Keeps `relayed` for `owner` in a place held for it, and returns the token to claim it by.
    long reserve(Owner owner, InetSocketAddress relayed, long nowNanos) {
        long token = random.nextLong();
        while (!reservations.add(token, owner, relayed)) {
            token = random.nextLong();
        }
        deadlines.schedule(
                new ReservationTimeout(token), nowNanos + policy.reservationLifetime().toNanos());
        return token;
    }
}
