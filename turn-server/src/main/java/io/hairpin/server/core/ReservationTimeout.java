package io.hairpin.server.core;

/// The end of the time that a reservation is kept for.
final class ReservationTimeout extends Expiring {

    final long token;

    ReservationTimeout(long token) {
        this.token = token;
    }
}
