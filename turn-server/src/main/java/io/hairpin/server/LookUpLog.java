package io.hairpin.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Says that users cannot be looked up, at once and then in one line a minute with their number,
/// and that they can be again. Thread-safe.
final class LookUpLog {

    private static final Logger log = LoggerFactory.getLogger("io.hairpin.server.lookups");

    static final Duration PAUSE = Duration.ofMinutes(1);

    private final String place;
    private final LongSupplier clock;
    private final LongAdder untold = new LongAdder();
    private final AtomicLong nextNanos = new AtomicLong();

    /// Whether the last that was said is that they cannot.
    private final AtomicBoolean complaining = new AtomicBoolean();

    /// @param place where they are looked up
    /// @param clock in nanoseconds, never negative
    LookUpLog(String place, LongSupplier clock) {
        this.place = place;
        this.clock = clock;
    }

    void failed(String reason) {
        untold.increment();
        long now = clock.getAsLong();
        long next = nextNanos.get();
        if (now >= next && nextNanos.compareAndSet(next, now + PAUSE.toNanos())) {
            complaining.set(true);
            log.warn(
                    "Users cannot be looked up at {}: {}. Whoever is not in the configuration gets"
                            + " no allocation meanwhile. Failed since this was last said: {}",
                    place,
                    reason,
                    untold.sumThenReset());
        }
    }

    void answered() {
        if (complaining.get() && complaining.compareAndSet(true, false)) {
            log.info("Users can be looked up at {} again", place);
        }
    }
}
