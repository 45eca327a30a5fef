package io.hairpin.server;

import java.util.concurrent.atomic.AtomicInteger;

/// What is under way from one event loop to another, up to a limit. Thread-safe.
final class Backlog {

    private final int limit;
    private final AtomicInteger underWay = new AtomicInteger();

    Backlog(int limit) {
        this.limit = limit;
    }

    /// Takes room for what is about to be passed on; false if there is not that much.
    boolean take(int amount) {
        if (underWay.addAndGet(amount) <= limit) {
            return true;
        }
        underWay.addAndGet(-amount);
        return false;
    }

    /// Gives back the room of what has arrived.
    void give(int amount) {
        underWay.addAndGet(-amount);
    }

    int underWay() {
        return underWay.get();
    }
}
