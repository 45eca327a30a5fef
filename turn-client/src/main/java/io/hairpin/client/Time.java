package io.hairpin.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Where transactions get the time from, and how they let it pass.
interface Time {
    Time SYSTEM =
            new Time() {
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }

                @Override
                public void await(CompletableFuture<?> event, long nanos)
                        throws InterruptedException {
                    try {
                        event.get(nanos, TimeUnit.NANOSECONDS);
                    } catch (TimeoutException | ExecutionException seenByCaller) {
                        // The caller looks at the future itself, whichever way the wait ended.
                        return;
                    }
                }
            };

    long nanoTime();

    /// Returns once the event has come, well or badly, or the time is over.
    void await(CompletableFuture<?> event, long nanos) throws InterruptedException;
}
