package io.hairpin.server.net;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/// Gathers what is to be sent during one turn of an event loop and flushes it at the turn's end:
/// many datagrams then leave with one system call, and a burst to one TCP client in one segment.
public final class Outbox {

    /// Something that holds back what is written to it until told to send.
    public interface Flushable {
        void flush();
    }

    /// The most messages held back; bounds the memory that one turn can take.
    static final int MAX_GATHERED = 256;

    private final Executor loop;
    private final Queue<Flushable> waiting = new ArrayDeque<>();
    private int gathered;
    private boolean scheduled;

    /// @param loop the event loop, which runs tasks after it has read from all sockets that are
    ///     ready
    public Outbox(Executor loop) {
        this.loop = loop;
    }

    /// Notes that one more message waits, the first one of that sender or a further one.
    public void queued(Flushable sender, boolean first) {
        if (first) {
            waiting.add(sender);
        }
        if (++gathered >= MAX_GATHERED) {
            flush();
        } else if (!scheduled) {
            scheduled = true;
            loop.execute(this::flushAtEndOfTurn);
        }
    }

    private void flushAtEndOfTurn() {
        scheduled = false;
        flush();
    }

    private void flush() {
        gathered = 0;
        for (Flushable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.flush();
        }
    }
}
