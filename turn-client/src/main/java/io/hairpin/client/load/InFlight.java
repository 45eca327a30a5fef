package io.hairpin.client.load;

import java.util.function.IntConsumer;

/// Does something for each of `count` in turn, for a bounded number of them at once. Not
/// thread-safe.
final class InFlight {

    private final int limit;
    private int count;
    private final IntConsumer start;
    private final Runnable done;
    private int started;
    private int settled;
    private boolean starting;

    /// @param start begins one of them; [#settled()] tells that one is finished, be it within that
    ///     call or later
    /// @param done runs once, when all are finished
    InFlight(int limit, int count, IntConsumer start, Runnable done) {
        this.limit = limit;
        this.count = count;
        this.start = start;
        this.done = done;
    }

    void begin() {
        if (count == 0) {
            done.run();
        } else {
            startMore();
        }
    }

    void settled() {
        settled++;
        startMore();
        if (settled == count) {
            done.run();
        }
    }

    /// Begins no more, and returns how many that leaves out; `done` runs when those that are under
    /// way are finished.
    int stop() {
        int left = count - started;
        count = started;
        return left;
    }

    /// Those that finish at once are not begun from within one another.
    private void startMore() {
        if (starting) {
            return;
        }
        starting = true;
        while (started < count && started - settled < limit) {
            start.accept(started++);
        }
        starting = false;
    }
}
