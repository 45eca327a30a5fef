package io.hairpin.server.core;

import java.util.List;

/// What bounds one direction of one connection of a TCP relay. Used on the event loop that reads
/// there; the bandwidth is shared with the other connections, which may be on other loops.
///
/// Streams lose nothing: what has been read passes and is charged, and then nothing is read until
/// that has been made good. The sender waits meanwhile, as TCP has it.
public final class StreamMeter {

    private final List<BandwidthPool> pools;

    /// What charging in whole nanoseconds leaves over, for each pool.
    private final long[] unitsOver;

    StreamMeter(List<BandwidthPool> pools) {
        this.pools = List.copyOf(pools);
        unitsOver = new long[pools.size()];
    }

    /// Counts what has been read.
    public void charge(int bytes, long nowNanos) {
        for (int i = 0; i < unitsOver.length; i++) {
            BandwidthPool pool = pools.get(i);
            long rate = pool.bandwidth().bytesPerSecond();
            long units = bytes * Bandwidth.UNITS_PER_BYTE + unitsOver[i];
            unitsOver[i] = units % rate;
            pool.charge(units / rate, nowNanos);
        }
    }

    /// How long nothing may be read from now on, which may be no time at all.
    public long pauseNanos(long nowNanos) {
        long pause = 0;
        for (int i = 0; i < unitsOver.length; i++) {
            pause = Math.max(pause, pools.get(i).debtNanos(nowNanos));
        }
        return pause;
    }
}
