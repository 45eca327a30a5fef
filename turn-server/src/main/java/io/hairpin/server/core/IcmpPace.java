package io.hairpin.server.core;

import java.util.concurrent.TimeUnit;

/// Bounds how many ICMP errors the client of one allocation is told of.
final class IcmpPace {

    /// The most in one second: enough for every peer of a call to fail at once and for path MTU
    /// discovery, far from what could fill a client's connection.
    static final int MAX_PER_SECOND = 50;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long beganNanos;
    private int told;

    /// Counts one error, and returns whether it may be told.
    boolean allows(long nowNanos) {
        if (told == 0 || nowNanos - beganNanos >= SECOND_NANOS) {
            beganNanos = nowNanos;
            told = 0;
        }
        if (told == MAX_PER_SECOND) {
            return false;
        }
        told++;
        return true;
    }
}
