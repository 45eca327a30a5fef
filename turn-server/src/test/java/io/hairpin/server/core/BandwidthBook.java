package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;

/// Keeps account of what passes under one limit, in numbers that have no end, and judges each
/// decision about it.
final class BandwidthBook {

    private static final BigInteger UNITS = BigInteger.valueOf(Bandwidth.UNITS_PER_BYTE);

    private final BigInteger rate;
    private final BigInteger burst;

    /// What may lie with somebody else in advance.
    private final BigInteger tolerance;

    /// What has passed and has not come back.
    private BigInteger used = BigInteger.ZERO;

    private long lastNanos;

    /// @param shares how many take from it in advance
    BandwidthBook(Bandwidth limit, int shares) {
        rate = BigInteger.valueOf(limit.bytesPerSecond());
        burst = rate.multiply(BigInteger.valueOf(limit.burstNanos()));
        tolerance = rate.multiply(BigInteger.valueOf(shares * BandwidthShare.AHEAD_NANOS));
    }

    /// Whether so many bytes pass, or not, must be right.
    void check(boolean passed, int bytes, long nowNanos) {
        comeBack(nowNanos);
        BigInteger after = used.add(BigInteger.valueOf(bytes).multiply(UNITS));
        if (passed) {
            assertThat(after)
                    .as("%d bytes passed", bytes)
                    .isLessThanOrEqualTo(burst.add(tolerance));
            used = after;
        } else {
            assertThat(after)
                    .as("%d bytes dropped", bytes)
                    .isGreaterThan(burst.subtract(tolerance));
        }
    }

    private void comeBack(long nowNanos) {
        BigInteger back = rate.multiply(BigInteger.valueOf(nowNanos - lastNanos));
        used = used.subtract(back).max(BigInteger.ZERO);
        lastNanos = nowNanos;
    }
}
