package io.hairpin.server.transport;

import java.util.concurrent.Semaphore;

/// How many clients may be connected over streams at a time, to all listeners together.
/// Thread-safe.
public final class ConnectionLimit {

    private final int limit;
    private final Semaphore free;

    public ConnectionLimit(int limit) {
        this.limit = limit;
        free = new Semaphore(limit);
    }

    boolean tryAcquire() {
        return free.tryAcquire();
    }

    void release() {
        free.release();
    }

    /// The connections there are now.
    public int held() {
        return limit - free.availablePermits();
    }
}
