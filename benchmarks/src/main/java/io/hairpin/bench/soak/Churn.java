package io.hairpin.bench.soak;

import io.hairpin.client.ExchangeException;
import io.hairpin.client.TurnException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Has clients come, each on a thread of its own, and counts what became of them.
final class Churn {
    /// Enough to know what is wrong.
    private static final int FAILURES_KEPT = 20;

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Place place;
    private final SoakPlan plan;
    private final SplittableRandom random;
    private final AtomicInteger present = new AtomicInteger();
    private final Map<String, LongAdder> lived = new ConcurrentHashMap<>();
    private final LongAdder came = new LongAdder();
    private final LongAdder turnedRound = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder echoed = new LongAdder();

    Churn(Place place, SoakPlan plan) {
        this.place = place;
        this.plan = plan;
        random = new SplittableRandom(plan.seed());
    }

    /// One client of each kind over each carrier, all at once.
    void oneOfEach() {
        for (Carrier carrier : Carrier.values()) {
            for (Life life : Life.values()) {
                if (life.isFor(carrier)) {
                    come(life, carrier);
                }
            }
        }
    }

    /// Lets clients come, one after the other, until that moment of `System.nanoTime`.
    void until(long endNanos) {
        long gapNanos = Math.round(Duration.ofSeconds(1).toNanos() / plan.rate());
        long next = System.nanoTime();
        while (next < endNanos) {
            Pause.of(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            if (present.get() < plan.clients()) {
                Carrier carrier = Carrier.values()[random.nextInt(Carrier.values().length)];
                come(Life.drawnFrom(random, carrier), carrier);
            } else {
                turnedRound.increment();
            }
            // Who would have come while this machine stood still does not come all at once.
            next = Math.max(next + gapNanos, System.nanoTime() - gapNanos);
        }
    }

    /// Waits until all have gone.
    void awaitEnd(Duration patience) {
        long start = System.nanoTime();
        while (present.get() > 0) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new SoakException(present + " clients do not come to an end");
            }
            Pause.of(LOOK);
        }
    }

    private void come(Life life, Carrier carrier) {
        came.increment();
        present.incrementAndGet();
        SplittableRandom chance = random.split();
        Thread.ofVirtual().name(life + " over " + carrier).start(() -> live(life, carrier, chance));
    }

    private void live(Life life, Carrier carrier, SplittableRandom chance) {
        try {
            Guest guest = new Guest(place, carrier, chance, sent, echoed);
            Intruder intruder = new Intruder(place, carrier, chance);
            switch (life) {
                case CALL -> guest.call();
                case CALL_TWICE -> guest.callTwice();
                case CALL_BY_TCP -> guest.callByTcp();
                case MOVE -> guest.move();
                case REBIND -> guest.rebind();
                case VANISH -> guest.vanish();
                case STRANGER -> intruder.guessPassword();
                case BROKEN -> intruder.sendNonsense();
                case DEAF -> intruder.neverRead();
            }
            count(life);
        } catch (TurnException | ExchangeException | UncheckedIOException | SoakException e) {
            failed(life, carrier, e);
        } catch (IOException e) {
            if (life.isProper()) {
                failed(life, carrier, e);
            } else {
                count(life); // it was cut off
            }
        } catch (RuntimeException bug) {
            failed(life, carrier, bug);
            throw bug;
        } finally {
            present.decrementAndGet();
        }
    }

    private void count(Life life) {
        lived.computeIfAbsent(life.name(), _ -> new LongAdder()).increment();
    }

    private void failed(Life life, Carrier carrier, Exception why) {
        failed.increment();
        if (failures.size() < FAILURES_KEPT) {
            failures.add(life + " over " + carrier + ": " + why);
        }
    }

    int present() {
        return present.get();
    }

    Outcome outcome() {
        SortedMap<String, Long> done = new TreeMap<>();
        lived.forEach((life, count) -> done.put(life, count.sum()));
        return new Outcome(
                came.sum(),
                turnedRound.sum(),
                failed.sum(),
                List.copyOf(failures),
                sent.sum(),
                echoed.sum(),
                done);
    }
}
