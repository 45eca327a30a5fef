package io.hairpin.server.core;

/// What one event loop has taken from a [BandwidthPool] for its packets, some in advance, so that
/// few of them touch what other threads use. Used on one event loop.
///
/// Credit that lies here is missing elsewhere: never more than comes back in [#AHEAD_NANOS], for
/// each loop.
final class BandwidthShare {

    /// Ten milliseconds: fifty packets of video at 50 Mbit/s.
    static final long AHEAD_NANOS = 10_000_000;

    private final BandwidthPool pool;
    private final long rate;
    private long units;

    BandwidthShare(BandwidthPool pool) {
        this.pool = pool;
        rate = pool.bandwidth().bytesPerSecond();
    }

    /// Whether there is credit for so many bytes.
    boolean has(int bytes, long nowNanos) {
        long missing = bytes * Bandwidth.UNITS_PER_BYTE - units;
        return missing <= 0 || fetch(missing, nowNanos);
    }

    /// Takes what there is, as [#has] has just said.
    void take(int bytes) {
        units -= bytes * Bandwidth.UNITS_PER_BYTE;
    }

    /// Leaves to others what was fetched for a packet that did not pass after all, but for what may
    /// lie here in advance.
    void forgo() {
        long over = units / rate - AHEAD_NANOS;
        if (over > 0) {
            pool.giveBack(over);
            units -= over * rate;
        }
    }

    /// Leaves what is not used to others; to be called when nothing more will pass.
    void giveBack() {
        pool.giveBack(units / rate);
        units = 0;
    }

    /// Where there is too little to take some in advance, what is needed may be there yet.
    private boolean fetch(long missing, long nowNanos) {
        long needed = pool.bandwidth().nanosFor(missing);
        long ahead = Math.max(needed, AHEAD_NANOS);
        if (pool.tryTake(ahead, nowNanos)) {
            units += ahead * rate;
            return true;
        }
        if (pool.tryTake(needed, nowNanos)) {
            units += needed * rate;
            return true;
        }
        return false;
    }
}
