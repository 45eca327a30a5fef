package io.hairpin.client.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/// All event loops of a run, as the thread that directs them sees them.
final class LoadLoops {

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final List<LoadLoop> loops;
    private final Tick tick;
    private long tickNanos = System.nanoTime() + TICK.toNanos();

    /// What is done about once a second while the thread waits.
    interface Tick {
        void passed() throws InterruptedException;
    }

    LoadLoops(List<LoadLoop> loops, Tick tick) {
        this.loops = List.copyOf(loops);
        this.tick = tick;
    }

    /// Lets each loop do something and waits until all have; throws what one throws.
    void all(Function<LoadLoop, CompletableFuture<Void>> action) throws InterruptedException {
        allWithin(FOREVER, action);
    }

    /// Like [#all], and goes on when the time is over.
    void allWithin(Duration time, Function<LoadLoop, CompletableFuture<Void>> action)
            throws InterruptedException {
        await(time, begin(action));
    }

    /// Like [#all], and goes on when `stop` is done; returns whether all loops are.
    boolean allUnless(
            CompletableFuture<Void> stop, Function<LoadLoop, CompletableFuture<Void>> action)
            throws InterruptedException {
        CompletableFuture<Void> all = begin(action);
        await(FOREVER, CompletableFuture.anyOf(all, stop));
        return all.isDone();
    }

    private CompletableFuture<Void> begin(Function<LoadLoop, CompletableFuture<Void>> action) {
        return CompletableFuture.allOf(
                loops.stream().map(action).toArray(CompletableFuture<?>[]::new));
    }

    /// Waits until something is done or the time is over.
    void await(Duration time, CompletableFuture<?> done) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            long left = time.toNanos() - (now - start);
            long untilTick = tickNanos - now;
            try {
                done.get(Math.max(0, Math.min(left, untilTick)), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                if (left <= untilTick) {
                    return;
                }
                tickNanos = System.nanoTime() + TICK.toNanos();
                tick.passed();
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }
    }

    /// Whether that is true of the traffic on all loops.
    boolean allMatch(Predicate<Traffic> question) throws InterruptedException {
        boolean all = true;
        for (LoadLoop loop : loops) {
            all &= get(loop.ask(question));
        }
        return all;
    }

    /// The sum of what the loops have to tell.
    Sample sample() throws InterruptedException {
        Sample sum = Sample.none();
        for (LoadLoop loop : loops) {
            sum = sum.plus(get(loop.sample()));
        }
        if (sum.mistake() != null) {
            throw bug(sum.mistake());
        }
        return sum;
    }

    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        return cause instanceof LoadException known ? known : bug(cause == null ? e : cause);
    }

    private static IllegalStateException bug(Throwable cause) {
        return new IllegalStateException("the load generator has a bug", cause);
    }
}
