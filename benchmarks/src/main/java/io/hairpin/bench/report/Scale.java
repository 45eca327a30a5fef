package io.hairpin.bench.report;

import java.util.ArrayList;
import java.util.List;

/// Turns values into lengths on a chart, and chooses round values to mark.
public final class Scale {
    private final boolean logarithmic;
    private final double least;
    private final double most;
    private final double length;

    private Scale(boolean logarithmic, double least, double most, double length) {
        this.logarithmic = logarithmic;
        this.least = least;
        this.most = most;
        this.length = length;
    }

    /// From zero to the given value.
    public static Scale linear(double most, double length) {
        return new Scale(false, 0, most > 0 ? most : 1, length);
    }

    /// From the power of ten at or below one value to that at or above the other, and at least one
    /// such step.
    public static Scale logarithmic(double least, double most, double length) {
        boolean empty = !(least > 0) || !(most >= least) || most == 0;
        double low = empty ? 1 : Math.pow(10, Math.floor(Math.log10(least)));
        double high = empty ? 10 : Math.pow(10, Math.ceil(Math.log10(most)));
        return new Scale(true, low, Math.max(high, low * 10), length);
    }

    public double at(double value) {
        double share =
                logarithmic
                        ? Math.log(value / least) / Math.log(most / least)
                        : (value - least) / (most - least);
        return length * Math.clamp(share, 0, 1);
    }

    public List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = least; tick <= most * 1.001; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double step = step(most / 5);
        for (int i = 0; i * step <= most; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /// The next of 1, 2, 5, 10, 20, 50 and so on.
    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= atLeast * 0.999) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
