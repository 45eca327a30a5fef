package io.hairpin.bench.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// One run, from the start of a server to what is to be said of it.
///
/// Before clients come in numbers there is a rehearsal: one of each kind. What a server opens once,
/// at the first use of something, is open then; the end is compared with the moment after that.
final class SoakRun {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final int SETTLED_LOOKS = 3;

    /// A line of progress for so many samples.
    private static final int SAMPLES_A_LINE = 12;

    private final SoakPlan plan;
    private final Path launcher;
    private final Path folder;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    /// @param launcher starts the server
    /// @param folder for the server's files
    SoakRun(
            SoakPlan plan,
            Path launcher,
            Path folder,
            Map<String, String> environment,
            Consumer<String> progress) {
        this.plan = plan;
        this.launcher = launcher;
        this.folder = folder;
        this.environment = environment;
        this.progress = progress;
    }

    SoakReport run() {
        try (SoakServer server = SoakServer.start(launcher, folder, plan);
                EchoPeers peers = EchoPeers.start()) {
            Place place =
                    new Place(
                            server.udp(),
                            server.tcp(),
                            peers.udp(),
                            peers.tcp(),
                            plan.stay(),
                            plan.lifetime());
            return run(server, place);
        }
    }

    private SoakReport run(SoakServer server, Place place) {
        Vitals vitals = new Vitals(server);
        Sample untouched = vitals.sample(-1, 0);
        progress.accept("rehearsing: one client of each kind");
        Churn rehearsal = new Churn(place, plan);
        rehearsal.oneOfEach();
        rehearsal.awaitEnd(plan.patience());
        server.collectGarbage();
        Sample begin = settle(vitals, now -> now.tables().equals(untouched.tables()), -1);
        long heapAtBegin = vitals.heapInUse();

        progress.accept("churning for " + plan.duration());
        Churn churn = new Churn(place, plan);
        long start = System.nanoTime();
        List<Sample> samples = churn(churn, vitals, start);

        progress.accept("letting everything run out");
        churn.awaitEnd(plan.patience());
        Predicate<Sample> asBefore =
                now ->
                        now.tables().equals(begin.tables())
                                && now.descriptors() <= begin.descriptors();
        Sample end = settle(vitals, asBefore, secondsSince(start));
        server.collectGarbage();
        long heapAtEnd = vitals.heapInUse();
        Verdict verdict =
                new Verdict(
                        untouched,
                        begin,
                        end,
                        samples,
                        new Verdict.LiveHeap(heapAtBegin, heapAtEnd),
                        rehearsal.outcome(),
                        churn.outcome(),
                        server.alarms());
        return new SoakReport(plan, environment, samples, churn.outcome(), verdict.checks());
    }

    private List<Sample> churn(Churn churn, Vitals vitals, long start) {
        long end = start + plan.duration().toNanos();
        List<Sample> samples = new ArrayList<>();
        try (ExecutorService arrivals = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> coming =
                    () -> {
                        churn.until(end);
                        return true;
                    };
            Future<Boolean> all = arrivals.submit(coming);
            try {
                sample(churn, vitals, start, end, samples);
                all.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SoakException("interrupted", e);
            } catch (ExecutionException e) {
                throw new SoakException("clients cannot come: " + e.getCause(), e);
            } finally {
                all.cancel(true);
            }
        }
        return samples;
    }

    private void sample(Churn churn, Vitals vitals, long start, long end, List<Sample> samples) {
        long next = start;
        while (next < end) {
            Pause.of(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            Sample sample = vitals.sample(secondsSince(start), churn.present());
            samples.add(sample);
            if (samples.size() % SAMPLES_A_LINE == 0) {
                progress.accept(SoakReport.line(sample));
            }
            next += plan.interval().toNanos();
        }
    }

    /// Waits until it is as it should be and stays so for a few looks, or for as long as it may
    /// take; looking opens descriptors for a moment itself.
    private Sample settle(Vitals vitals, Predicate<Sample> settled, double seconds) {
        long start = System.nanoTime();
        Sample last = vitals.sample(seconds, 0);
        int looks = 0;
        while (looks < SETTLED_LOOKS && System.nanoTime() - start < plan.patience().toNanos()) {
            Pause.of(LOOK);
            Sample now = vitals.sample(seconds, 0);
            boolean same = now.descriptors() == last.descriptors() && settled.test(now);
            looks = same ? looks + 1 : 0;
            last = now;
        }
        return last;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / (double) Duration.ofSeconds(1).toNanos();
    }
}
