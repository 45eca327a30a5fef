package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.LongSupplier;

/// Sends broken packets to the server by several [Intruder]s, each on its turn. Not thread-safe.
final class Flood {

    /// As many senders of each transport as a server would have to tell apart.
    static final int SENDERS = 8;

    private final List<Intruder> intruders;
    private final double packetsPerSecond;
    private final LongSupplier clock;
    private @Nullable Pacer pacer;
    private long sent;

    Flood(FloodPlan plan, List<Intruder> intruders, LongSupplier clock) {
        this.intruders = List.copyOf(intruders);
        this.packetsPerSecond = plan.packetsPerSecond();
        this.clock = clock;
    }

    void open() {
        intruders.forEach(Intruder::open);
    }

    /// Begins to send, and returns how often [#tick()] wants to be called.
    long start() {
        if (intruders.stream().noneMatch(intruder -> intruder.failure().isEmpty())) {
            throw new LoadException("the flood has " + intruders.getFirst().failure());
        }
        double each = packetsPerSecond / intruders.size();
        Pacer started = new Pacer(each, intruders.size(), clock.getAsLong());
        pacer = started;
        return started.tickNanos();
    }

    void tick() {
        if (pacer == null) {
            return;
        }
        for (int due = pacer.due(clock.getAsLong()); due > 0; due--) {
            if (intruders.get(pacer.next()).send()) {
                sent++;
            }
        }
    }

    long sent() {
        return sent;
    }

    /// Gives back what was granted, and sends no more.
    void leave() {
        pacer = null;
        intruders.forEach(Intruder::leave);
    }

    void close() {
        pacer = null;
        intruders.forEach(Intruder::close);
    }
}
