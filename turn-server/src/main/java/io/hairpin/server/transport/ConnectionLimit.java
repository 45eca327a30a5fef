package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/// How many clients may be connected over streams at a time, to all listeners together, and how
/// many of these be in their TLS handshake. Thread-safe.
public final class ConnectionLimit {

    private final int limit;
    private final Semaphore free;
    private final SourceQuotas sources;
    private final Handshakes handshakes;

    /// @param connectionsOf bounds connections by where they are from, those of DTLS with them
    /// @param handshakesOf bounds handshakes by where they are from, those of DTLS with them
    /// @param clock tells the time in nanoseconds since some start
    public ConnectionLimit(
            int connections,
            int handshakes,
            SourceQuotas connectionsOf,
            SourceQuotas handshakesOf,
            LongSupplier clock) {
        limit = connections;
        free = new Semaphore(connections);
        sources = connectionsOf;
        this.handshakes = new Handshakes(handshakes, handshakesOf, clock);
    }

    boolean tryAcquire() {
        return free.tryAcquire();
    }

    void release() {
        free.release();
    }

    /// Counts one of that source until it is released, or says why it cannot.
    @Nullable RefusalReason tryAcquire(InetAddress source) {
        return switch (sources.tryAcquire(source)) {
            case GRANTED -> null;
            case ADDRESS_LIMIT -> RefusalReason.ADDRESS_LIMIT;
            case NETWORK_LIMIT -> RefusalReason.NETWORK_LIMIT;
        };
    }

    void release(InetAddress source) {
        sources.release(source);
    }

    Handshakes ofHandshakes() {
        return handshakes;
    }

    /// The connections there are now.
    public int held() {
        return limit - free.availablePermits();
    }

    /// The TLS handshakes that are under way now.
    public int handshakes() {
        return handshakes.underWay();
    }
}
