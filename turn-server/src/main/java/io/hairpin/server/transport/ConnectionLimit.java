package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.concurrent.Semaphore;

/// How many clients may be connected over streams at a time, to all listeners together, and how
/// many of these be in their TLS handshake. Thread-safe.
public final class ConnectionLimit {

    private final Places connections;
    private final Places handshakes;

    /// @param connectionsOf bounds connections by where they are from, those of DTLS with them
    /// @param handshakesOf bounds handshakes by where they are from, those of DTLS with them
    public ConnectionLimit(
            int connections,
            int handshakes,
            SourceQuotas connectionsOf,
            SourceQuotas handshakesOf) {
        this.connections = new Places(connections, connectionsOf);
        this.handshakes = new Places(handshakes, handshakesOf);
    }

    Places ofConnections() {
        return connections;
    }

    Places ofHandshakes() {
        return handshakes;
    }

    /// The connections there are now.
    public int held() {
        return connections.held();
    }

    /// The TLS handshakes that are under way now.
    public int handshakes() {
        return handshakes.held();
    }

    /// So many in all, and so many of each source.
    static final class Places {

        private final int limit;
        private final Semaphore free;
        private final SourceQuotas sources;

        private Places(int limit, SourceQuotas sources) {
            this.limit = limit;
            this.sources = sources;
            free = new Semaphore(limit);
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

        private int held() {
            return limit - free.availablePermits();
        }
    }
}
