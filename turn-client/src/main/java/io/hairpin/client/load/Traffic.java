package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The packets of one event loop: decides when each is sent, and takes note of those that arrive.
/// Not thread-safe.
final class Traffic {

    /// How long a closed loop takes to fill all windows, so that the server is not met by a wall.
    private static final int PRIMING_TICKS = 100;

    private static final long CLOSED_LOOP_TICK_NANOS = 1_000_000;
    private static final long STUCK_NANOS = 100_000_000;

    private final TrafficPlan plan;
    private final int run;
    private final long maxPackets;
    private final int window;
    private final LongSupplier clock;
    private final List<Flow> flows = new ArrayList<>();
    private final Latencies measured = new Latencies();
    private final Latencies recent = new Latencies();

    private @Nullable Pacer pacer;
    private int primed;
    private long nextLookNanos;
    private boolean sending;
    private boolean measuring;
    private boolean opened;
    private long windowStart;
    private long windowEnd;

    private long sent;
    private long atPeers;
    private long atClients;
    private long completed;
    private long measuredSent;
    private long delivered;
    private long relayed;
    private long duplicates;
    private long foreign;
    private long missedBefore;

    /// @param run tells the packets of this run from others
    /// @param maxPackets sent by this event loop, `Long.MAX_VALUE` for no limit
    Traffic(TrafficPlan plan, int run, long maxPackets, LongSupplier clock) {
        this.plan = plan;
        this.run = run;
        this.maxPackets = maxPackets;
        this.clock = clock;
        this.window =
                switch (plan.pace()) {
                    case Pace.Window(int packets) -> packets;
                    case Pace.Rate _ -> 0;
                };
    }

    /// Adds a flow and returns its number, which its packets carry as their client.
    int add(Flow.Source source) {
        flows.add(new Flow(source));
        return flows.size() - 1;
    }

    /// Begins to send, and returns how often [#tick()] wants to be called.
    long start(double phase) {
        long now = clock.getAsLong();
        sending = !flows.isEmpty();
        nextLookNanos = now + STUCK_NANOS;
        switch (plan.pace()) {
            case Pace.Window _ -> {
                return CLOSED_LOOP_TICK_NANOS;
            }
            case Pace.Rate(double packetsPerSecond) -> {
                double bursts = packetsPerSecond / plan.burst();
                long offset = (long) (phase * 1e9 / bursts / Math.max(1, flows.size()));
                Pacer started = new Pacer(bursts, Math.max(1, flows.size()), now + offset);
                pacer = started;
                return started.tickNanos();
            }
        }
    }

    void stop() {
        sending = false;
    }

    /// Whether no more packets will be sent.
    boolean isDone() {
        return !sending;
    }

    /// Whether every packet that counts came where it was going.
    boolean isDelivered() {
        return delivered == measuredSent;
    }

    /// From now on packets count.
    void openWindow() {
        windowStart = clock.getAsLong();
        missedBefore = missed();
        opened = true;
        measuring = true;
    }

    /// From now on packets that are sent do not count; those on their way still do as delivered.
    void closeWindow() {
        windowEnd = clock.getAsLong();
        measuring = false;
    }

    /// Sends what is due.
    void tick() {
        if (!sending) {
            return;
        }
        long now = clock.getAsLong();
        if (pacer == null) {
            prime(now);
            lookForStuck(now);
        } else {
            for (int due = pacer.due(now); due > 0 && sending; due--) {
                burst(flows.get(pacer.next()), clock.getAsLong());
            }
        }
    }

    private void prime(long now) {
        int until = Math.min(flows.size(), primed + flows.size() / PRIMING_TICKS + 1);
        while (primed < until) {
            fill(flows.get(primed++), now);
        }
    }

    private void lookForStuck(long now) {
        if (now - nextLookNanos < 0) {
            return;
        }
        nextLookNanos = now + STUCK_NANOS;
        for (int i = 0; i < primed; i++) {
            flows.get(i).giveUpIfStuck();
            fill(flows.get(i), now);
        }
    }

    private void fill(Flow flow, long now) {
        while (sending && flow.outstanding() + plan.burst() <= window) {
            burst(flow, now);
        }
    }

    private void burst(Flow flow, long now) {
        for (int i = 0; i < plan.burst(); i++) {
            if (sent == maxPackets) {
                sending = false;
                return;
            }
            sent++;
            if (measuring) {
                measuredSent++;
            }
            flow.send(now);
        }
    }

    /// A packet reached a peer; returns whether it goes back.
    boolean atPeer(ByteBuffer bytes, int offset, int length) {
        if (!Payload.isOf(run, bytes, offset, length)) {
            foreign++;
            return false;
        }
        atPeers++;
        if (measuring) {
            relayed++;
        }
        if (plan.direction() == Direction.BOTH) {
            return true;
        }
        complete(Payload.client(bytes, offset), bytes, offset);
        return false;
    }

    /// A packet reached that client.
    void atClient(int client, ByteBuffer bytes, int offset, int length) {
        if (!Payload.isOf(run, bytes, offset, length) || Payload.client(bytes, offset) != client) {
            foreign++;
            return;
        }
        atClients++;
        if (measuring) {
            relayed++;
        }
        complete(client, bytes, offset);
    }

    private void complete(int client, ByteBuffer bytes, int offset) {
        long sequence = Payload.sequence(bytes, offset);
        if (client < 0 || client >= flows.size() || !flows.get(client).knows(sequence)) {
            foreign++;
            return;
        }
        Flow flow = flows.get(client);
        if (flow.arrived(sequence) == Flow.Arrival.DUPLICATE) {
            duplicates++;
            return;
        }
        completed++;
        long now = clock.getAsLong();
        long sentNanos = Payload.sentNanos(bytes, offset);
        recent.record(now - sentNanos);
        if (isMeasured(sentNanos)) {
            delivered++;
            measured.record(now - sentNanos);
        }
        if (window > 0) {
            fill(flow, now);
        }
    }

    private boolean isMeasured(long sentNanos) {
        return opened && sentNanos - windowStart > 0 && (measuring || sentNanos - windowEnd <= 0);
    }

    /// What the packets of this event loop are told from others by.
    int run() {
        return run;
    }

    Latencies measured() {
        return measured;
    }

    /// The latencies since the last call.
    Latencies takeRecent() {
        Latencies taken = recent.copy();
        recent.reset();
        return taken;
    }

    private long missed() {
        return pacer == null ? 0 : pacer.missed() * plan.burst();
    }

    Counts counts(long unsent, long overrun, long broken) {
        return new Counts(
                sent,
                atPeers,
                atClients,
                completed,
                measuredSent,
                delivered,
                relayed,
                duplicates,
                foreign,
                missed() - missedBefore,
                unsent,
                overrun,
                broken);
    }
}
