package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/// Limits how often something is done, for each source address and in all, in a memory that does
/// not grow. Thread-safe.
///
/// A source is an IPv4 address or the /64 of an IPv6 one. Each has a place in each of a few rows of
/// a fixed size, shared with whoever else has it, and goes on while any of its places does. So
/// others can only ever cost a source its share, never give it more; and since the places depend
/// on a secret, nobody can choose to share another's.
///
/// Every place holds the time up to which its share is used up (the generic cell rate algorithm): a
/// second's share may be used at once, after that it comes back evenly.
public final class SourceRates {

    private static final int ROWS = 2;

    /// For each row; a power of two. 128 KiB in all.
    private static final int PLACES = 1 << 13;

    private static final long SECOND = 1_000_000_000L;

    private final long sourceInterval;
    private final long interval;
    private final long[] seeds;

    /// The rows, and behind them the place of all sources together.
    private final AtomicLongArray usedUpTo = new AtomicLongArray(ROWS * PLACES + 1);

    /// @param perSource how often in a second for each source
    /// @param inAll how often in a second for all of them
    /// @param seed a number that nobody else can guess
    public SourceRates(int perSource, int inAll, long seed) {
        if (perSource < 1 || inAll < 1) {
            throw new IllegalArgumentException("a rate is at least one a second");
        }
        sourceInterval = SECOND / perSource;
        interval = SECOND / inAll;
        seeds = new long[] {seed, mixed(seed)};
    }

    /// Whether the source may do it once more now.
    boolean admits(InetAddress source, long nowNanos) {
        boolean admitted = false;
        for (int row = 0; row < ROWS; row++) {
            admitted |= advance(place(row, source), sourceInterval, nowNanos);
        }
        return admitted && advance(ROWS * PLACES, interval, nowNanos);
    }

    private boolean advance(int place, long interval, long nowNanos) {
        while (true) {
            long used = usedUpTo.get(place);
            long next = Math.max(used, nowNanos) + interval;
            if (next - nowNanos > SECOND) {
                return false;
            }
            if (usedUpTo.compareAndSet(place, used, next)) {
                return true;
            }
        }
    }

    private int place(int row, InetAddress source) {
        long high = TransportAddress.withoutScope(TransportAddress.high(source));
        long low = TransportAddress.low(source);
        long prefix = TransportAddress.isIpv4(high, low) ? low : high;
        return row * PLACES + (int) (mixed(mixed(prefix ^ seeds[row]) + seeds[row]) >>> 51);
    }

    /// Spreads every bit over all of them (the finalizer of MurmurHash3).
    private static long mixed(long bits) {
        long spread = (bits ^ (bits >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        spread = (spread ^ (spread >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        return spread ^ (spread >>> 33);
    }
}
