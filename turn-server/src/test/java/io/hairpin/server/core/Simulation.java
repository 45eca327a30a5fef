package io.hairpin.server.core;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Virtual time, what happens next, and where all chance comes from: one seed.
///
/// Of two things due at the same instant the one scheduled first happens first, so a run is the
/// same every time.
final class Simulation {

    private record Happening(long atNanos, long sequence, Runnable action)
            implements Comparable<Happening> {

        @Override
        public int compareTo(Happening other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final SplittableRandom random;
    private final PriorityQueue<Happening> queue = new PriorityQueue<>();
    private final boolean printing;
    private long nowNanos = Duration.ofHours(1).toNanos();
    private long scheduled;
    private long trace;

    Simulation(long seed, boolean printing) {
        random = new SplittableRandom(seed);
        this.printing = printing;
    }

    long now() {
        return nowNanos;
    }

    /// A source of chance of its own, so that what one part draws does not change another's.
    RandomGenerator randomness() {
        return random.split();
    }

    void after(long delayNanos, Runnable action) {
        queue.add(new Happening(nowNanos + delayNanos, scheduled++, action));
    }

    /// The whole machine stands still for so long. What was to happen meanwhile happens at once
    /// afterwards, in the same order.
    void standStill(long nanos) {
        nowNanos += nanos;
    }

    /// Lets the next thing happen; false if nothing ever will.
    boolean step() {
        Happening next = queue.poll();
        if (next == null) {
            return false;
        }
        nowNanos = Math.max(nowNanos, next.atNanos);
        next.action.run();
        return true;
    }

    void runUntil(long nanos) {
        while (!queue.isEmpty() && queue.peek().atNanos <= nanos) {
            step();
        }
        nowNanos = Math.max(nowNanos, nanos);
    }

    /// Adds to the trace what has just happened: a number for comparing, words for reading.
    void note(long fingerprint, Supplier<String> words) {
        trace = (trace ^ fingerprint ^ nowNanos) * 0x9E3779B97F4A7C15L;
        trace ^= trace >>> 29;
        if (printing) {
            System.out.printf("%14.6f  %s%n", nowNanos / 1e9, words.get());
        }
    }

    /// What the run came to; two runs of one seed have the same.
    long trace() {
        return trace;
    }
}
