package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The TLS handshakes that are under way, on whichever event loops, in the order they began in.
/// Thread-safe.
///
/// Each counts for where its client is from first; whoever has no more than its share there may
/// have the oldest handshake of all give way to it. So nobody who leaves handshakes half open keeps
/// others out.
final class Handshakes {

    /// Where there is no room for another handshake, the oldest makes room if it has taken longer
    /// than this, which honest ones rarely do.
    private static final long DISPLACEABLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// A handshake that is under way.
    @FunctionalInterface
    interface UnderWay {

        /// Has to end, since its place is another's now. Called on any thread.
        void giveWay();
    }

    private final int limit;
    private final SourceQuotas sources;
    private final LongSupplier clock;

    /// When each began.
    private final SequencedMap<UnderWay, Long> begun = new LinkedHashMap<>();

    Handshakes(int limit, SourceQuotas sources, LongSupplier clock) {
        this.limit = limit;
        this.sources = sources;
        this.clock = clock;
    }

    /// Counts a handshake until it is [#over], or says why it cannot begin.
    @Nullable RefusalReason tryBegin(UnderWay handshake, InetAddress source) {
        switch (sources.tryAcquire(source)) {
            case ADDRESS_LIMIT -> {
                return RefusalReason.ADDRESS_LIMIT;
            }
            case NETWORK_LIMIT -> {
                return RefusalReason.NETWORK_LIMIT;
            }
            case GRANTED -> {}
        }
        if (enter(handshake)) {
            return null;
        }
        sources.release(source);
        return RefusalReason.HANDSHAKE_LIMIT;
    }

    private boolean enter(UnderWay handshake) {
        UnderWay displaced = null;
        synchronized (begun) {
            long now = clock.getAsLong();
            if (begun.size() >= limit) {
                Map.Entry<UnderWay, Long> oldest = begun.firstEntry();
                if (now - oldest.getValue() < DISPLACEABLE_NANOS) {
                    return false;
                }
                displaced = oldest.getKey();
                begun.remove(displaced);
            }
            begun.put(handshake, now);
        }
        if (displaced != null) {
            displaced.giveWay();
        }
        return true;
    }

    /// It has ended, however, and whether its place was its own until then or not.
    void over(UnderWay handshake, InetAddress source) {
        synchronized (begun) {
            begun.remove(handshake);
        }
        sources.release(source);
    }

    /// Those that count now.
    int underWay() {
        synchronized (begun) {
            return begun.size();
        }
    }
}
