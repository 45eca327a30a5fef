package io.hairpin.client.load;

import io.netty.bootstrap.Bootstrap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// All that is sent beside the traffic to do the server harm, from one event loop. Not thread-safe.
final class Floods {

    private final @Nullable Flood broken;
    private final List<HalfOpenFlood> halfOpen = new ArrayList<>();

    /// Of none.
    Floods() {
        broken = null;
    }

    /// @param connections opens TCP connections to the server
    Floods(LoadPlan plan, Bootstrap connections, Link.Opener udpLinks, LongSupplier clock) {
        broken = plan.flood().map(of -> new Flood(of, packets(of), clock)).orElse(null);
        plan.halfOpen()
                .forEach(
                        (kind, wanted) ->
                                halfOpen.add(
                                        new HalfOpenFlood(
                                                kind,
                                                wanted,
                                                connections,
                                                udpLinks,
                                                new SplittableRandom(plan.seed() + kind.ordinal()),
                                                clock)));
    }

    private static BrokenPackets packets(FloodPlan of) {
        return new BrokenPackets(new SplittableRandom(of.seed()));
    }

    /// Opens the sockets that are wanted from the start.
    void open(Link.Opener udpLinks) {
        for (int i = 0; broken != null && i < Flood.SOCKETS; i++) {
            udpLinks.open(broken);
        }
    }

    void start(LoopTasks tasks) {
        if (broken != null) {
            tasks.every(broken.start(), broken::tick);
        }
        for (HalfOpenFlood flood : halfOpen) {
            tasks.every(HalfOpenFlood.TICK_NANOS, flood::tick);
        }
    }

    /// Broken packets sent so far.
    long broken() {
        return broken == null ? 0 : broken.sent();
    }

    HalfOpenCounts halfOpen() {
        return halfOpen.stream()
                .map(HalfOpenFlood::counts)
                .reduce(HalfOpenCounts.NONE, HalfOpenCounts::plus);
    }

    void close() {
        if (broken != null) {
            broken.close();
        }
        halfOpen.forEach(HalfOpenFlood::close);
    }
}
