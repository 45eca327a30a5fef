package io.hairpin.server.core;

import java.util.concurrent.atomic.AtomicLong;

/// The credit that several allocations have together, on whichever event loops they are.
/// Thread-safe, without a lock.
///
/// It is kept as a time: that up to which the credit is used up (the generic cell rate algorithm).
/// So credit is handed out by the nanosecond, and a nanosecond is worth a whole number of units.
final class BandwidthPool {

    private final Bandwidth bandwidth;
    private final long burstNanos;

    /// To begin with, so long ago that a whole burst is there.
    private final AtomicLong usedUpToNanos = new AtomicLong(Long.MIN_VALUE / 2);

    BandwidthPool(Bandwidth bandwidth) {
        this.bandwidth = bandwidth;
        burstNanos = bandwidth.burstNanos();
    }

    Bandwidth bandwidth() {
        return bandwidth;
    }

    /// Takes the credit of so many nanoseconds, if there is as much.
    boolean tryTake(long nanos, long nowNanos) {
        while (true) {
            long used = usedUpToNanos.get();
            long next = Math.max(used, nowNanos - burstNanos) + nanos;
            if (next > nowNanos) {
                return false;
            }
            if (usedUpToNanos.compareAndSet(used, next)) {
                return true;
            }
        }
    }

    /// Takes the credit of so many nanoseconds, be it there or not.
    void charge(long nanos, long nowNanos) {
        while (true) {
            long used = usedUpToNanos.get();
            long next = Math.max(used, nowNanos - burstNanos) + nanos;
            if (usedUpToNanos.compareAndSet(used, next)) {
                return;
            }
        }
    }

    /// Puts back what was taken and not used.
    void giveBack(long nanos) {
        usedUpToNanos.addAndGet(-nanos);
    }

    /// How long it takes until there is no debt, which may be no time at all.
    long debtNanos(long nowNanos) {
        return Math.max(0, usedUpToNanos.get() - nowNanos);
    }

    /// When nothing will be missing from a whole burst.
    long fullAtNanos() {
        return usedUpToNanos.get() + burstNanos;
    }
}
