package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What peers sent and nobody has taken yet. Thread-safe; drops the newest when full.
final class ReceiveQueue {
    private final int limit;
    private final Queue<Received> packets = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable IOException end;

    ReceiveQueue(int limit) {
        this.limit = limit;
    }

    /// False if there is no room.
    boolean offer(Received packet) {
        lock.lock();
        try {
            if (packets.size() >= limit) {
                return false;
            }
            packets.add(packet);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end(IOException cause) {
        lock.lock();
        try {
            end = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The oldest packet; empty if none comes in time. Throws [ExchangeException] if none can come.
    Optional<Received> poll(Duration atMost) {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (packets.isEmpty()) {
                IOException cause = end;
                if (cause != null) {
                    throw new ExchangeException(Reason.CLOSED, "nothing more comes", cause);
                }
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
            return Optional.of(packets.remove());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ExchangeException(Reason.INTERRUPTED, "interrupted", interrupted);
        } finally {
            lock.unlock();
        }
    }
}
