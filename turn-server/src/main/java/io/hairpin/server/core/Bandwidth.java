package io.hairpin.server.core;

import java.time.Duration;

/// How much data may pass: so many bytes a second over time, and so much at once after a silence.
///
/// @param burst the time whose share may pass at once
/// @param atLeastBytes what may pass at once, however short that is: as much as the largest packet
///     has, which could never pass otherwise
public record Bandwidth(long bytesPerSecond, Duration burst, int atLeastBytes) {

    /// A hundred gigabits; below it no arithmetic here can overflow.
    public static final long MAX_BYTES_PER_SECOND = 12_500_000_000L;

    private static final int LARGEST_DATAGRAM = 0xFFFF;

    /// Credit is counted in billionths of a byte, so that a rate in bytes a second is the same
    /// number of units a nanosecond, and nothing is ever rounded.
    static final long UNITS_PER_BYTE = 1_000_000_000L;

    /// For datagrams of any size.
    public Bandwidth(long bytesPerSecond, Duration burst) {
        this(bytesPerSecond, burst, LARGEST_DATAGRAM);
    }

    public Bandwidth {
        if (bytesPerSecond < 1 || bytesPerSecond > MAX_BYTES_PER_SECOND) {
            throw new IllegalArgumentException("no rate: " + bytesPerSecond + " bytes a second");
        }
        if (burst.isNegative()) {
            throw new IllegalArgumentException("a burst is not negative");
        }
    }

    /// The time whose share may pass at once, and in which that comes back.
    long burstNanos() {
        return Math.max(burst.toNanos(), nanosFor(atLeastBytes * UNITS_PER_BYTE));
    }

    /// The time in which so much credit comes back, rounded up.
    long nanosFor(long units) {
        return Math.ceilDiv(units, bytesPerSecond);
    }
}
