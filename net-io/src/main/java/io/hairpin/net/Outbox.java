package io.hairpin.net;

import java.util.ArrayDeque;
import java.util.Queue;

/// Gathers what is to be sent during one turn of an event loop until the loop flushes it at the
/// turn's end: many datagrams then leave with one system call, and a burst to one TCP client in
/// one segment. Not thread-safe.
public final class Outbox {

    /// Something that holds back what is written to it until told to send.
    public interface Flushable {
        void flush();
    }

    private final Queue<Flushable> waiting = new ArrayDeque<>();
    private final int maxGathered;
    private int gathered;
    private int turn;

    /// @param maxGathered the most messages held back; bounds the memory that one turn can take
    public Outbox(int maxGathered) {
        this.maxGathered = maxGathered;
    }

    /// Notes that one more message waits, the first one of that sender or a further one.
    public void queued(Flushable sender, boolean first) {
        if (first) {
            waiting.add(sender);
        }
        if (++gathered >= maxGathered) {
            flush();
        }
    }

    /// Sends all that waits, and begins a new turn.
    void endTurn() {
        flush();
        turn++;
    }

    /// The number of this turn; it runs over after 2^32.
    int turn() {
        return turn;
    }

    /// Sends all that waits.
    public void flush() {
        gathered = 0;
        for (Flushable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.flush();
        }
    }
}
