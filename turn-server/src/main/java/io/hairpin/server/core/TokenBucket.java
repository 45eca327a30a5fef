package io.hairpin.server.core;

/// The credit of one allocation in one direction. Used on one event loop.
///
/// Nothing is rounded: what passes in any time is what came back in that time, and at most a burst
/// besides, however long it goes on.
final class TokenBucket {

    /// Four gigabytes: twice that is still a number of units.
    private static final long MAX_UNITS = 4_000_000_000L * Bandwidth.UNITS_PER_BYTE;

    /// Units a nanosecond.
    private final long rate;

    private final long full;

    /// After this time it is full, whatever was in it.
    private final long fillNanos;

    private long units;
    private long filledAtNanos;

    TokenBucket(Bandwidth bandwidth, long nowNanos) {
        rate = bandwidth.bytesPerSecond();
        full =
                bandwidth.burstNanos() < MAX_UNITS / rate
                        ? bandwidth.burstNanos() * rate
                        : MAX_UNITS;
        fillNanos = Math.ceilDiv(full, rate);
        units = full;
        filledAtNanos = nowNanos;
    }

    /// Whether there is credit for so many bytes.
    boolean has(int bytes, long nowNanos) {
        long elapsed = nowNanos - filledAtNanos;
        if (elapsed > 0) {
            units = elapsed >= fillNanos ? full : Math.min(full, units + elapsed * rate);
            filledAtNanos = nowNanos;
        }
        return units >= bytes * Bandwidth.UNITS_PER_BYTE;
    }

    /// Takes what there is, as [#has] has just said.
    void take(int bytes) {
        units -= bytes * Bandwidth.UNITS_PER_BYTE;
    }
}
