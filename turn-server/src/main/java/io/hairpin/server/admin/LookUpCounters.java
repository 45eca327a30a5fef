package io.hairpin.server.admin;

import java.util.concurrent.atomic.LongAdder;

/// What came of looking credentials up, and how long it took. Thread-safe.
public final class LookUpCounters {

    private final LongAdder found = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /// How a look-up ended.
    public enum Outcome {
        /// There is such a user.
        FOUND,
        /// There is none.
        UNKNOWN,
        /// It could not be found out.
        FAILED
    }

    public void ended(Outcome outcome, long nanosTaken) {
        of(outcome).increment();
        nanos.add(nanosTaken);
    }

    private LongAdder of(Outcome outcome) {
        return switch (outcome) {
            case FOUND -> found;
            case UNKNOWN -> unknown;
            case FAILED -> failed;
        };
    }

    long count(Outcome outcome) {
        return of(outcome).sum();
    }

    long all() {
        return found.sum() + unknown.sum() + failed.sum();
    }

    double totalNanos() {
        return nanos.sum();
    }
}
