package io.hairpin.net;

import java.lang.foreign.Arena;

/// Reads what arrived for the sockets of one event loop, and hands it out.
final class Receiver {

    /// The most datagrams, or runs of them that arrive as one, read by one system call.
    static final int BATCH = 32;

    /// The most system calls for one socket before the others get their turn.
    static final int MAX_BATCHES = 4;

    private final PacketArena packets;
    private final ReceiveSlots slots;
    private final SendQueue queue;
    private final Outbox outbox;
    private final Datagram datagram = new Datagram();
    private int nextSlot;

    Receiver(Arena arena, PacketArena packets, SendQueue queue, Outbox outbox) {
        this.packets = packets;
        this.queue = queue;
        this.outbox = outbox;
        slots = new ReceiveSlots(arena, packets);
    }

    /// Reads from a socket that has something: one datagram, or batches if `pace` expects more.
    /// The socket will be ready again if that was not all.
    void read(LinuxDatagramEndpoint on, ReadPace pace) {
        if (pace.expectsMore(outbox.turn())) {
            int first = readBatch(on);
            pace.foundInBatch(first);
            int last = first;
            for (int i = 1; i < MAX_BATCHES && last == BATCH && on.isOpen(); i++) {
                last = readBatch(on);
            }
        } else {
            int slot = freeSlots(1);
            long length = SystemCalls.recvmsg(on.descriptor(), slots.message(slot));
            if (length >= 0) {
                nextSlot = slot + 1;
                deliver(on, slot, (int) length);
            }
        }
    }

    /// Returns how many it found. A call that failed says that there is nothing now: a datagram
    /// that was damaged, or an error that an earlier one of ours met.
    private int readBatch(LinuxDatagramEndpoint on) {
        int first = freeSlots(BATCH);
        int count = SystemCalls.recvmmsg(on.descriptor(), slots.message(first), BATCH);
        nextSlot = first + Math.max(count, 0);
        for (int slot = first; slot < nextSlot; slot++) {
            deliver(on, slot, slots.length(slot));
        }
        return count;
    }

    /// Slots are used anew only when all that lay in them was sent.
    private int freeSlots(int count) {
        if (nextSlot + count > PacketArena.SLOTS) {
            outbox.flush();
        }
        if (queue.isEmpty()) {
            nextSlot = 0;
        }
        if (nextSlot + count > PacketArena.SLOTS) { // the kernel would write beyond our memory
            throw new IllegalStateException("datagrams wait that no flush has sent");
        }
        return nextSlot;
    }

    private void deliver(LinuxDatagramEndpoint on, int slot, int length) {
        boolean isWhole = slots.read(slot);
        if (slots.hasDrops()) {
            on.dropped(slots.drops());
        }
        if (!isWhole) { // no slot is too short for a datagram, unless the kernel has news for us
            on.overrun(1);
            return;
        }
        int start = PacketArena.slot(slot);
        int segment = slots.segmentBytes();
        if (segment <= 0 || segment >= length) {
            datagram.set(packets.bytes(), start, length, start);
            deliver(on);
            return;
        }
        for (int at = 0; at < length; at += segment) {
            int headEnd = at == 0 ? start : queue.freeHeader();
            datagram.set(packets.bytes(), start + at, Math.min(segment, length - at), headEnd);
            deliver(on);
        }
    }

    private void deliver(LinuxDatagramEndpoint on) {
        slots.describe(datagram);
        on.received(datagram);
    }
}
