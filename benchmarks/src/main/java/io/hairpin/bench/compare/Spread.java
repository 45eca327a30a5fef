package io.hairpin.bench.compare;

import java.util.Arrays;

/// What several turns gave for the same thing.
record Spread(double median, double min, double max, int count) {

    /// A spread of no values at all has NaN for everything.
    static Spread of(double... values) {
        double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        int count = sorted.length;
        if (count == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Spread(median, sorted[0], sorted[count - 1], count);
    }

    boolean isEmpty() {
        return count == 0;
    }
}
