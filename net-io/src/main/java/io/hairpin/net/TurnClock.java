package io.hairpin.net;

import java.util.function.LongSupplier;

/// The time as of the current turn of an event loop: read when it is first asked for in that turn,
/// so that a burst of packets costs one look at the clock. Used on that loop only.
public final class TurnClock implements LongSupplier {

    private final LongSupplier clock;
    private long nanos;
    private boolean isOld = true;

    TurnClock(LongSupplier clock) {
        this.clock = clock;
    }

    /// Has the clock read again.
    void forget() {
        isOld = true;
    }

    @Override
    public long getAsLong() {
        if (isOld) {
            nanos = clock.getAsLong();
            isOld = false;
        }
        return nanos;
    }
}
