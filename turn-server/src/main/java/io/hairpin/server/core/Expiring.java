package io.hairpin.server.core;

/// Something that ends by itself at a time; kept in order of that time by [Deadlines].
abstract sealed class Expiring
        permits Relay,
                Permission,
                Channel,
                ReservationTimeout,
                PeerConnection,
                PendingAuthentication {

    static final int NOT_SCHEDULED = -1;

    private long deadlineNanos;
    private int slot = NOT_SCHEDULED;

    final long deadlineNanos() {
        return deadlineNanos;
    }

    final boolean isLive(long nowNanos) {
        return nowNanos < deadlineNanos;
    }

    /// For [Deadlines] alone, which has to restore its order after it.
    final void deadlineNanos(long nanos) {
        deadlineNanos = nanos;
    }

    /// The place in the heap, for [Deadlines] alone.
    final int slot() {
        return slot;
    }

    final void slot(int index) {
        slot = index;
    }
}
