package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One core's access to the [Reservations] of the server: hands out tokens, sees that they expire,
/// and counts each from when its port is asked for until it is claimed or let go.
final class ReservationDesk {

    private final TurnPolicy policy;
    private final Reservations reservations;
    private final Admission admission;
    private final Deadlines deadlines;
    private final RandomGenerator random;

    ReservationDesk(
            TurnPolicy policy,
            Reservations reservations,
            Admission admission,
            Deadlines deadlines,
            RandomGenerator random) {
        this.policy = policy;
        this.reservations = reservations;
        this.admission = admission;
        this.deadlines = deadlines;
        this.random = random;
    }

    /// Takes a place for a reservation whose port is still to be opened, so that requests under
    /// way at the same time stay within the limits together; or names the limit that is reached.
    Optional<Limit> tryHoldPlace(Request request) {
        return admission.tryAcquire(Resource.RESERVATION, request.holder());
    }

    /// Gives back a place that no reservation was made in.
    void releasePlace(Request request) {
        admission.release(Resource.RESERVATION, request.holder());
    }

    /// Keeps `relayed` for who sent the request, in the place held for it, and returns the token to
    /// claim it by.
    long reserve(Request request, InetSocketAddress relayed, long nowNanos) {
        Reservations.Reservation made =
                new Reservations.Reservation(request.owner(), relayed, request.holder());
        long token = random.nextLong();
        while (!reservations.add(token, made)) {
            token = random.nextLong();
        }
        deadlines.schedule(
                new ReservationTimeout(token), nowNanos + policy.reservationLifetime().toNanos());
        return token;
    }

    /// Takes what `owner` reserved.
    Optional<InetSocketAddress> claim(long token, Owner owner) {
        return reservations.claim(token, owner).map(this::over);
    }

    /// Ends a reservation whose time has passed, unless it was claimed.
    Optional<InetSocketAddress> expire(ReservationTimeout timeout) {
        return reservations.expire(timeout.token).map(this::over);
    }

    private InetSocketAddress over(Reservations.Reservation reservation) {
        admission.release(Resource.RESERVATION, reservation.holder());
        return reservation.relayed();
    }
}
