package io.hairpin.server.core;

import java.util.concurrent.atomic.AtomicLongArray;

/// The sources that have authenticated of late, in a memory that does not grow. Thread-safe.
///
/// A request with a nonce of ours proves that its sender gets what is sent to it, so nobody can
/// enter an address that is not its own. Whoever has credentials and many addresses can push others
/// out, which costs those nothing but the exemption until they authenticate again.
///
/// A source may stand in two places, which depend on a secret; of those who want both, the two that
/// came last have them. A place holds 32 bits of what the source hashes to, and until when it
/// counts.
final class KnownSources {

    /// A power of two; 128 KiB in all.
    private static final int PLACES = 1 << 14;

    private static final int SHIFT = Long.SIZE - 14;
    private static final int TAG_SHIFT = 32;
    private static final long SECONDS = (1L << TAG_SHIFT) - 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// What a client that is served renews in time: it permits its peers anew within five minutes,
    /// and refreshes its allocation within ten.
    static final long MEMORY_SECONDS = 600;

    private final long[] seeds;
    private final AtomicLongArray places = new AtomicLongArray(PLACES);

    /// @param seed a number that nobody else can guess
    KnownSources(long seed) {
        seeds = new long[] {seed, Mixing.of(seed), Mixing.of(~seed)};
    }

    /// Remembers a source (see [SourceRates#source]) from now on for some time.
    void add(long source, long nowNanos) {
        long tag = tag(source);
        long entry = tag | (nowNanos / NANOS_PER_SECOND + MEMORY_SECONDS);
        int first = place(source, 0);
        int second = place(source, 1);
        // Two threads may both take the same place; one of the two then waits for its next turn.
        if (isOf(tag, places.get(second))) {
            renew(second, entry);
        } else if (isOf(tag, places.get(first)) || isOlder(first, second)) {
            renew(first, entry);
        } else {
            renew(second, entry);
        }
    }

    boolean contains(long source, long nowNanos) {
        long tag = tag(source);
        long nowSeconds = nowNanos / NANOS_PER_SECOND;
        return counts(places.get(place(source, 0)), tag, nowSeconds)
                || counts(places.get(place(source, 1)), tag, nowSeconds);
    }

    private static boolean counts(long entry, long tag, long nowSeconds) {
        return isOf(tag, entry) && nowSeconds < (entry & SECONDS);
    }

    private boolean isOlder(int first, int second) {
        return (places.get(first) & SECONDS) <= (places.get(second) & SECONDS);
    }

    private void renew(int place, long entry) {
        if (places.get(place) != entry) {
            places.set(place, entry);
        }
    }

    private static boolean isOf(long tag, long entry) {
        return entry != 0 && (entry & ~SECONDS) == tag;
    }

    private long tag(long source) {
        return Mixing.of(source, seeds[2]) << TAG_SHIFT;
    }

    private int place(long source, int which) {
        return (int) (Mixing.of(source, seeds[which]) >>> SHIFT);
    }
}
