package io.hairpin.server;

import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_IN_ALL;
import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_PER_NETWORK;
import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_PER_SOURCE;

import io.hairpin.server.core.DropReason;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Says that requests of strangers go unanswered, in one line a minute with their number, however
/// many there are. Thread-safe.
final class FloodLog {

    private static final Logger log = LoggerFactory.getLogger("io.hairpin.server.floods");

    static final Duration PAUSE = Duration.ofMinutes(1);

    private final LongSupplier clock;
    private final Map<DropReason, LongAdder> counts = new EnumMap<>(DropReason.class);
    private final AtomicLong nextNanos = new AtomicLong();

    /// @param clock in nanoseconds, never negative
    FloodLog(LongSupplier clock) {
        this.clock = clock;
        counts.put(UNAUTHENTICATED_PER_SOURCE, new LongAdder());
        counts.put(UNAUTHENTICATED_PER_NETWORK, new LongAdder());
        counts.put(UNAUTHENTICATED_IN_ALL, new LongAdder());
    }

    /// Counts a drop if it is one of a flood; makes no objects unless it logs.
    void dropped(DropReason reason) {
        LongAdder count = counts.get(reason);
        if (count == null) {
            return;
        }
        count.increment();
        long now = clock.getAsLong();
        long next = nextNanos.get();
        if (now >= next && nextNanos.compareAndSet(next, now + PAUSE.toNanos())) {
            log.info(
                    "Requests without credentials that got no answer since this was last said: {}"
                            + " beyond limits.unauthenticated-per-source, {} beyond"
                            + " limits.unauthenticated-per-network, {} beyond"
                            + " limits.unauthenticated-in-all. Somebody floods this server or"
                            + " forges its addresses, or the limits are too low for who uses it.",
                    taken(UNAUTHENTICATED_PER_SOURCE),
                    taken(UNAUTHENTICATED_PER_NETWORK),
                    taken(UNAUTHENTICATED_IN_ALL));
        }
    }

    private long taken(DropReason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sumThenReset();
    }
}
