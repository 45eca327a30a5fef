package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Sends broken packets to the server from UDP sockets of its own, and ignores the answers. Not
/// thread-safe.
final class Flood implements Link.Handler {

    /// As many senders as a server would have to tell apart.
    static final int SOCKETS = 8;

    private final BrokenPackets packets;
    private final double packetsPerSecond;
    private final LongSupplier clock;
    private final List<Link> links = new ArrayList<>();
    private @Nullable Pacer pacer;
    private String failure = "no socket";
    private long sent;

    Flood(FloodPlan plan, BrokenPackets packets, LongSupplier clock) {
        this.packets = packets;
        this.packetsPerSecond = plan.packetsPerSecond();
        this.clock = clock;
    }

    /// Begins with the sockets that were opened, and returns how often [#tick()] wants to be
    /// called.
    long start() {
        if (links.isEmpty()) {
            throw new LoadException("the flood has " + failure);
        }
        double each = packetsPerSecond / links.size();
        Pacer started = new Pacer(each, links.size(), clock.getAsLong());
        pacer = started;
        return started.tickNanos();
    }

    void tick() {
        if (pacer == null || links.isEmpty()) {
            return;
        }
        for (int due = pacer.due(clock.getAsLong()); due > 0; due--) {
            links.get(pacer.next()).send(packets.next());
            sent++;
        }
    }

    long sent() {
        return sent;
    }

    void close() {
        links.forEach(Link::close);
        links.clear();
    }

    @Override
    public void opened(Link link) {
        links.add(link);
    }

    @Override
    public void notOpened(String why) {
        failure = why;
    }

    @Override
    public void received(ByteBuffer bytes, int start, int length) {}

    @Override
    public void lost(String why) {}
}
