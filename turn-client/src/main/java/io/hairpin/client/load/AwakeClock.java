package io.hairpin.client.load;

import java.util.function.LongSupplier;

/// Counts the time in which this program was awake: what passes while its process is stopped, or
/// waits for a CPU, is not held against the server, whose answers lie unread meanwhile. Not
/// thread-safe.
final class AwakeClock {

    private final LongSupplier clock;
    private final long longestStep;
    private long last;
    private long awake;

    /// @param longestStepNanos the most that is believed to have passed between two calls of
    ///     [#advance()]
    AwakeClock(LongSupplier clock, long longestStepNanos) {
        this.clock = clock;
        this.longestStep = longestStepNanos;
        this.last = clock.getAsLong();
    }

    /// Moves on to now.
    void advance() {
        long now = clock.getAsLong();
        awake += Math.min(now - last, longestStep);
        last = now;
    }

    /// The nanoseconds of which it is known, as of the last [#advance()].
    long nanos() {
        return awake;
    }
}
