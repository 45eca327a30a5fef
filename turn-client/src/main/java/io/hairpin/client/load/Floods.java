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
    /// @param links the ways to the server that broken packets take
    Floods(
            LoadPlan plan,
            Bootstrap connections,
            Link.Opener udpLinks,
            List<Link.Opener> links,
            LongSupplier clock) {
        broken =
                plan.flood()
                        .map(of -> new Flood(of, intruders(plan, of, links), clock))
                        .orElse(null);
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

    /// Each has randomness of its own, so that what one sends does not depend on who answers
    /// another first, and an account that none of the clients has where there are so many.
    private static List<Intruder> intruders(LoadPlan plan, FloodPlan of, List<Link.Opener> links) {
        SplittableRandom random = new SplittableRandom(of.seed());
        List<Intruder> intruders = new ArrayList<>();
        for (int i = 0; i < Flood.SENDERS; i++) {
            for (Link.Opener way : links) {
                int number = plan.clients() + intruders.size();
                intruders.add(
                        new Intruder(
                                way,
                                plan.accounts().map(accounts -> accounts.of(number)),
                                random.split()));
            }
        }
        return intruders;
    }

    /// Opens the sockets that are wanted from the start.
    void open() {
        if (broken != null) {
            broken.open();
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

    /// Sends no more, and gives back what was granted.
    void leave() {
        if (broken != null) {
            broken.leave();
        }
        halfOpen.forEach(HalfOpenFlood::close);
    }

    void close() {
        if (broken != null) {
            broken.close();
        }
        halfOpen.forEach(HalfOpenFlood::close);
    }
}
