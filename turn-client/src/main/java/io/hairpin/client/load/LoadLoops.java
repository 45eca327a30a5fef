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
///
/// No loop can hold the run up: one that does not answer is not waited for a second time, and what
/// it told last is what is known of it.
final class LoadLoops {

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final List<LoadLoop> loops;
    private final Duration answerAtMost;
    private final Tick tick;
    private long tickNanos = System.nanoTime() + TICK.toNanos();
    private Sample latest = Sample.none();
    private boolean stuck;

    /// What is done about once a second while the thread waits.
    interface Tick {
        void passed() throws InterruptedException;
    }

    /// @param answerAtMost how long a loop may take for what it can do at once
    LoadLoops(List<LoadLoop> loops, Duration answerAtMost, Tick tick) {
        this.loops = List.copyOf(loops);
        this.answerAtMost = answerAtMost;
        this.tick = tick;
    }

    /// Lets each loop do something that it can do at once, and waits until all have; throws what
    /// one throws.
    void all(Function<LoadLoop, CompletableFuture<Void>> action) throws InterruptedException {
        answer(begin(action));
    }

    /// Lets each loop do something that takes its time, and goes on when it is over.
    void allWithin(Duration time, Function<LoadLoop, CompletableFuture<Void>> action)
            throws InterruptedException {
        if (!stuck) {
            await(time, begin(action));
        }
    }

    /// Like [#allWithin] without a limit, and goes on when `stop` is done; returns whether all
    /// loops are.
    boolean allUnless(CompletableFuture<?> stop, Function<LoadLoop, CompletableFuture<Void>> action)
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

    /// Whether that is true of the traffic on all loops; true if one does not say.
    boolean allMatch(Predicate<Traffic> question) throws InterruptedException {
        List<CompletableFuture<Boolean>> answers =
                loops.stream().map(loop -> loop.ask(question)).toList();
        return !answer(CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)))
                || answers.stream().allMatch(CompletableFuture::join);
    }

    /// The sum of what the loops have to tell.
    Sample sample() throws InterruptedException {
        List<CompletableFuture<Sample>> samples = loops.stream().map(LoadLoop::sample).toList();
        if (answer(CompletableFuture.allOf(samples.toArray(CompletableFuture<?>[]::new)))) {
            latest =
                    samples.stream()
                            .map(CompletableFuture::join)
                            .reduce(Sample.none(), Sample::plus);
        }
        if (latest.mistake() != null) {
            throw bug(latest.mistake());
        }
        return latest;
    }

    /// Whether all loops have answered so far.
    boolean areAlive() {
        return !stuck;
    }

    /// Waits for what can be done at once; returns whether it is. Time in which this program did
    /// not run does not count.
    private boolean answer(CompletableFuture<?> all) throws InterruptedException {
        long step = answerAtMost.toNanos() / 10;
        AwakeClock awake = new AwakeClock(System::nanoTime, 2 * step);
        while (!stuck) {
            try {
                all.get(step, TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                awake.advance();
                stuck = awake.nanos() > answerAtMost.toNanos();
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }
        return false;
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
