package io.hairpin.server.core;

import java.util.concurrent.TimeUnit;

/// Bounds how often one allocation moves: each move is paid for by the server and asked for by one
/// packet.
final class MovePace {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long beganNanos;
    private int moves;

    /// Counts one move, if there may be one.
    boolean allows(int perMinute, long nowNanos) {
        if (moves == 0 || nowNanos - beganNanos >= MINUTE_NANOS) {
            beganNanos = nowNanos;
            moves = 0;
        }
        if (moves >= perMinute) {
            return false;
        }
        moves++;
        return true;
    }
}
