package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/// Limits how often something is done, for each source, each network and in all, in a memory that
/// does not grow. Thread-safe.
///
/// A source is an IPv4 address or the /64 of an IPv6 one, a network the /24 or the /48 of it. Each
/// has a place in each of a few rows of a fixed size, shared with whoever else has it, and goes on
/// while any of its places does. So others can only ever cost a source its share, never give it
/// more; and since the places depend on a secret, nobody can choose to share another's.
///
/// Every place holds the time up to which its share is used up (the generic cell rate algorithm): a
/// second's share may be used at once, after that it comes back evenly. What is refused uses up
/// nothing, so that who asks too often takes nothing from others.
public final class SourceRates {

    /// Whose share is used up.
    enum Share {
        SOURCE,
        NETWORK,
        ALL
    }

    private static final int ROWS = 2;

    /// For each row; a power of two. 256 KiB in all.
    private static final int PLACES = 1 << 13;

    private static final int NETWORKS = ROWS * PLACES;
    private static final int TOTAL = 2 * NETWORKS;

    private static final long SECOND = 1_000_000_000L;

    private static final long IPV4_NETWORK = ~0xFFL;
    private static final long IPV6_NETWORK = ~0xFFFFL;

    private final long sourceInterval;
    private final long networkInterval;
    private final long interval;
    private final long[] seeds;

    /// The rows of sources, those of networks, and behind them the place of all together.
    private final AtomicLongArray usedUpTo = new AtomicLongArray(TOTAL + 1);

    /// Without a limit for networks.
    ///
    /// @param perSource how often in a second for each source
    /// @param inAll how often in a second for all of them
    /// @param seed a number that nobody else can guess
    public SourceRates(int perSource, int inAll, long seed) {
        this(perSource, inAll, inAll, seed);
    }

    public SourceRates(int perSource, int perNetwork, int inAll, long seed) {
        if (perSource < 1 || perNetwork < 1 || inAll < 1) {
            throw new IllegalArgumentException("a rate is at least one a second");
        }
        sourceInterval = SECOND / perSource;
        networkInterval = SECOND / perNetwork;
        interval = SECOND / inAll;
        seeds = new long[] {seed, Mixing.of(seed)};
    }

    /// Whether the source may do it once more now, which counts.
    boolean admits(InetAddress source, long nowNanos) {
        return use(TransportAddress.high(source), TransportAddress.low(source), nowNanos) == null;
    }

    /// Counts once more for the source with these numbers (see [TransportAddress]), or says whose
    /// share is used up.
    ///
    /// Of threads that come at the same moment each may be the last one admitted.
    @Nullable Share use(long high, long low, long nowNanos) {
        Share spent = spent(high, low, nowNanos);
        if (spent == null) {
            long source = source(high, low);
            long network = network(high, low);
            for (int row = 0; row < ROWS; row++) {
                advance(place(row, source), sourceInterval, nowNanos);
                advance(NETWORKS + place(row, network), networkInterval, nowNanos);
            }
            advance(TOTAL, interval, nowNanos);
        }
        return spent;
    }

    /// Whose share is used up, or null if the source may do it once more now.
    @Nullable Share spent(long high, long low, long nowNanos) {
        if (!hasRoom(0, source(high, low), sourceInterval, nowNanos)) {
            return Share.SOURCE;
        }
        if (!hasRoom(NETWORKS, network(high, low), networkInterval, nowNanos)) {
            return Share.NETWORK;
        }
        return isFree(TOTAL, interval, nowNanos) ? null : Share.ALL;
    }

    private boolean hasRoom(int rows, long prefix, long interval, long nowNanos) {
        for (int row = 0; row < ROWS; row++) {
            if (isFree(rows + place(row, prefix), interval, nowNanos)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFree(int place, long interval, long nowNanos) {
        long used = usedUpTo.get(place);
        return Math.max(used, nowNanos) + interval - nowNanos <= SECOND;
    }

    private void advance(int place, long interval, long nowNanos) {
        while (isFree(place, interval, nowNanos)) {
            long used = usedUpTo.get(place);
            if (usedUpTo.compareAndSet(place, used, Math.max(used, nowNanos) + interval)) {
                return;
            }
        }
    }

    /// What names a source: an address of IPv4, the /64 of one of IPv6.
    static long source(long high, long low) {
        return TransportAddress.isIpv4(high, low) ? low : TransportAddress.withoutScope(high);
    }

    private static long network(long high, long low) {
        return TransportAddress.isIpv4(high, low)
                ? low & IPV4_NETWORK
                : TransportAddress.withoutScope(high) & IPV6_NETWORK;
    }

    private int place(int row, long prefix) {
        return row * PLACES + (int) (Mixing.of(prefix, seeds[row]) >>> 51);
    }
}
