package io.hairpin.client;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/// Time that passes only while somebody awaits something; what is planned happens on that thread.
final class SimulatedTime implements Time {
    /// So near the end of the range that deadlines wrap around.
    private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000;

    private final Queue<Planned> plan =
            new PriorityQueue<>(
                    Comparator.comparingLong(Planned::nanos).thenComparingLong(Planned::sequence));
    private long elapsedNanos;
    private long sequence;

    Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    void after(Duration delay, Runnable action) {
        plan.add(new Planned(elapsedNanos + delay.toNanos(), sequence++, action));
    }

    @Override
    public long nanoTime() {
        return ORIGIN + elapsedNanos;
    }

    @Override
    public void await(CompletableFuture<?> event, long nanos) {
        long until = elapsedNanos + nanos;
        while (!event.isDone()) {
            Planned next = plan.peek();
            if (next == null || next.nanos() > until) {
                elapsedNanos = until;
                return;
            }
            plan.remove();
            elapsedNanos = next.nanos();
            next.action().run();
        }
    }

    private record Planned(long nanos, long sequence, Runnable action) {}
}
