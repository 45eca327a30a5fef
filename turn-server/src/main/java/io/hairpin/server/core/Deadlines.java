package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// A binary heap of everything that expires, earliest on top.
///
/// Each entry knows its slot, so that a refresh moves it and an early end takes it out at once:
/// what is gone leaves nothing behind, however long its lifetime would have been.
final class Deadlines {

    private @Nullable Expiring[] heap = new Expiring[16];
    private int size;

    /// The earliest deadline, or `Long.MAX_VALUE` if there is none.
    long next() {
        return size == 0 ? Long.MAX_VALUE : at(0).deadlineNanos();
    }

    int size() {
        return size;
    }

    /// Sets when `entry` expires, whether it is new here or known.
    void schedule(Expiring entry, long deadlineNanos) {
        entry.deadlineNanos(deadlineNanos);
        if (entry.slot() == Expiring.NOT_SCHEDULED) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            place(entry, size++);
        }
        siftDown(siftUp(entry.slot()));
    }

    /// Forgets `entry`; one that is not here is left as it is.
    void cancel(Expiring entry) {
        int slot = entry.slot();
        if (slot == Expiring.NOT_SCHEDULED) {
            return;
        }
        Expiring last = at(--size);
        heap[size] = null;
        entry.slot(Expiring.NOT_SCHEDULED);
        if (last != entry) {
            place(last, slot);
            siftDown(siftUp(slot));
        }
    }

    /// Takes out one entry whose time has come, or returns null.
    @Nullable Expiring poll(long nowNanos) {
        if (size == 0 || at(0).isLive(nowNanos)) {
            return null;
        }
        Expiring due = at(0);
        cancel(due);
        return due;
    }

    private int siftUp(int from) {
        Expiring entry = at(from);
        int slot = from;
        while (slot > 0) {
            Expiring parent = at((slot - 1) / 2);
            if (parent.deadlineNanos() <= entry.deadlineNanos()) {
                break;
            }
            place(parent, slot);
            slot = (slot - 1) / 2;
        }
        place(entry, slot);
        return slot;
    }

    private void siftDown(int from) {
        Expiring entry = at(from);
        int slot = from;
        while (2 * slot + 1 < size) {
            int child = 2 * slot + 1;
            if (child + 1 < size && at(child + 1).deadlineNanos() < at(child).deadlineNanos()) {
                child++;
            }
            if (at(child).deadlineNanos() >= entry.deadlineNanos()) {
                break;
            }
            place(at(child), slot);
            slot = child;
        }
        place(entry, slot);
    }

    private Expiring at(int slot) {
        Expiring entry = heap[slot];
        if (entry == null) {
            throw new IllegalStateException("hole in the heap at " + slot);
        }
        return entry;
    }

    private void place(Expiring entry, int slot) {
        heap[slot] = entry;
        entry.slot(slot);
    }
}
