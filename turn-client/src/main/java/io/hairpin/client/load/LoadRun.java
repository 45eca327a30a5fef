package io.hairpin.client.load;

import io.hairpin.client.load.LoadProgress.Step;
import io.hairpin.net.IoLoops;
import io.hairpin.net.SocketKind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// One run of the load generator: sets clients up, lets packets flow, measures, cleans up.
///
/// It ends, and reports what it has, also where the server never answers and where an event loop
/// of its own hangs.
public final class LoadRun {

    /// How long packets on their way are waited for when sending has ended.
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /// What is not answered within that is left to the server.
    private static final Duration LEAVE_AT_MOST = Duration.ofSeconds(5);

    /// How long an event loop may take for what it can do at once.
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(5);

    /// That long after the last answer that a client waits for, a server answers nobody any more.
    private static final Duration STALLED = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(5);

    private final LoadPlan plan;
    private final Consumer<LoadProgress> progress;
    private final LoopThreads threads = new LoopThreads();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> stalled = new CompletableFuture<>();
    private final CompletableFuture<?> early = CompletableFuture.anyOf(stopped, stalled);
    private final Duration answerAtMost;

    private LoadLoops loops = new LoadLoops(List.of(), ANSWER_AT_MOST, () -> {});
    private @Nullable ServerProcess server;
    private boolean setUp;
    private int ready;
    private int ticksWithoutReady;
    private Step step = Step.SET_UP;
    private long stepNanos;
    private Counts told = Counts.NONE;
    private long toldNanos;

    /// @param progress is told about once a second, by the thread that runs
    public LoadRun(LoadPlan plan, Consumer<LoadProgress> progress) {
        this(plan, progress, ANSWER_AT_MOST);
    }

    LoadRun(LoadPlan plan, Consumer<LoadProgress> progress, Duration answerAtMost) {
        this.plan = plan;
        this.progress = progress;
        this.answerAtMost = answerAtMost;
    }

    /// Ends what is being waited for, so that [#run()] cleans up and returns what it has. That
    /// takes some seconds at most. Thread-safe.
    public void stop() {
        stopped.complete(null);
    }

    /// Does it all, which takes as long as the plan says; throws [LoadException] if it cannot.
    public LoadReport run() throws InterruptedException {
        if (plan.serverPid().isPresent()) {
            server = new ServerProcess(Path.of("/proc"), plan.serverPid().getAsLong());
        }
        SocketKind kind = SocketKind.best();
        LoadLoop.Local local = localAddresses();
        IoLoops io = IoLoops.start(kind, plan.threads(), threads);
        try {
            List<LoadLoop> each = new ArrayList<>();
            for (int i = 0; i < plan.threads(); i++) {
                each.add(new LoadLoop(plan, i, local, kind, io.all().get(i)));
            }
            loops = new LoadLoops(each, answerAtMost, this::tell);
            toldNanos = System.nanoTime();
            loops.all(LoadLoop::open);
            LoadReport report = measure();
            if (!plan.setUp().abandon()) {
                enter(Step.LEAVE);
                loops.allWithin(LEAVE_AT_MOST, LoadLoop::leave);
            }
            loops.all(LoadLoop::close);
            return report;
        } finally {
            io.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private LoadReport measure() throws InterruptedException {
        Findings findings = new Findings(plan, residentBytes());
        SetUps setUps = setUp(findings);
        for (int i = 1; setUp && i < plan.setUp().rounds(); i++) {
            findings.residentBytes(residentBytes());
            enter(Step.LEAVE);
            setUp = loops.allUnless(early, LoadLoop::disband);
            if (setUp) {
                setUps = setUp(findings);
            }
        }
        if (setUps.up() > 0 && !stopped.isDone() && loops.areAlive()) {
            if (plan.traffic().isPresent()) {
                measure(plan.traffic().get(), findings);
            } else {
                loops.all(LoadLoop::start);
                enter(Step.HOLD);
                loops.await(plan.setUp().hold(), stopped);
            }
        }
        findings.residentBytes(residentBytes());
        Sample end = loops.sample();
        boolean complete = setUp && !stopped.isDone() && loops.areAlive();
        return findings.report(complete, end, server == null ? 0 : server.cpus());
    }

    private SetUps setUp(Findings findings) throws InterruptedException {
        enter(Step.SET_UP);
        CpuTimes serverStart = serverTimes();
        CpuTimes start = threads.times();
        setUp = loops.allUnless(early, LoadLoop::setUp);
        if (!setUp) {
            String why =
                    stopped.isDone()
                            ? "the run was stopped"
                            : "given up, since no client had become ready for long";
            loops.all(loop -> loop.giveUp(why));
        }
        findings.use(start, threads.times(), serverStart, serverTimes());
        SetUps setUps = loops.sample().setUps();
        findings.setUps(setUps, start.atNanos());
        return setUps;
    }

    private void measure(TrafficPlan traffic, Findings findings) throws InterruptedException {
        if (traffic.warmUp().isPositive()) {
            enter(Step.WARM_UP);
            loops.all(LoadLoop::start);
            loops.await(traffic.warmUp(), stopped);
        }
        enter(Step.MEASURE);
        CpuTimes serverStart = serverTimes();
        CpuTimes start = threads.times();
        loops.all(LoadLoop::openWindow);
        if (!traffic.warmUp().isPositive()) { // so that the first packet counts
            loops.all(LoadLoop::start);
        }
        if (traffic.packets() == 0) {
            loops.await(traffic.duration(), stopped);
        } else {
            until(traffic.duration(), Traffic::isDone);
            until(DRAIN, Traffic::isDelivered);
        }
        loops.all(LoadLoop::closeWindow);
        findings.use(start, threads.times(), serverStart, serverTimes());
        until(DRAIN, Traffic::isDelivered);
    }

    /// Waits until that is true of all loops, or the time is over.
    private void until(Duration time, Predicate<Traffic> state) throws InterruptedException {
        long start = System.nanoTime();
        while (!loops.allMatch(state)
                && System.nanoTime() - start < time.toNanos()
                && !stopped.isDone()) {
            loops.await(LOOK, stopped);
        }
    }

    private CpuTimes serverTimes() {
        return server == null ? CpuTimes.NONE : server.cpuTimes();
    }

    private long residentBytes() {
        return server == null ? 0 : server.residentBytes();
    }

    private void enter(Step next) {
        step = next;
        stepNanos = System.nanoTime();
    }

    private void tell() throws InterruptedException {
        Sample sample = loops.sample();
        watch(sample.setUps().up());
        long now = System.nanoTime();
        Duration elapsed = Duration.ofNanos(now - stepNanos);
        double seconds = Math.max(1e-9, (now - toldNanos) / 1e9);
        progress.accept(LoadProgress.of(step, elapsed, plan, sample, told, seconds));
        told = sample.counts();
        toldNanos = now;
    }

    /// Notices that the server answers nobody any more. Ticks are counted, and not the time, which
    /// passes while this program sleeps too.
    private void watch(int readyNow) {
        ticksWithoutReady = readyNow == ready ? ticksWithoutReady + 1 : 0;
        ready = readyNow;
        Duration longest = plan.setUp().retransmission().total().plus(STALLED);
        boolean silent =
                (step == Step.SET_UP || step == Step.LEAVE)
                        && ticksWithoutReady > longest.toSeconds();
        if (silent || !loops.areAlive()) {
            stalled.complete(null);
        }
    }

    private LoadLoop.Local localAddresses() {
        InetAddress towards = plan.clientAddress().orElseGet(() -> towards(plan.server()));
        return new LoadLoop.Local(towards, plan.peerAddress().orElse(towards));
    }

    private static InetAddress towards(InetSocketAddress server) {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(server);
            return probe.getLocalAddress();
        } catch (IOException | UncheckedIOException e) {
            throw new LoadException("no way to " + server, e);
        }
    }
}
