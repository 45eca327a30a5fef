package io.hairpin.client.load;

import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/// A histogram of lengths of time, three digits exact. Recording allocates nothing. Not
/// thread-safe.
final class Latencies {

    private static final long FINEST_NANOS = 64;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Histogram histogram = new Histogram(FINEST_NANOS, LONGEST_NANOS, 3);

    /// What is out of range counts as its end.
    void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    void add(Latencies others) {
        histogram.add(others.histogram);
    }

    void reset() {
        histogram.reset();
    }

    Latencies copy() {
        Latencies copy = new Latencies();
        copy.add(this);
        return copy;
    }

    long count() {
        return histogram.getTotalCount();
    }

    Percentiles percentiles() {
        return new Percentiles(
                micros(50), micros(90), micros(99), micros(99.9), histogram.getMaxValue() / 1e3);
    }

    private double micros(double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
