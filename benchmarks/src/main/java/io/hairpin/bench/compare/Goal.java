package io.hairpin.bench.compare;

import java.util.Locale;
import java.util.OptionalDouble;

/// What Hairpin means to reach, as ratios to the others' medians. It may miss one of them; then the
/// table says so.
enum Goal {
    CPU_A("CPU per packet, a", Shape.A, Metric.CPU_PER_PACKET, Bound.AT_MOST, 0.80, 1.10),
    CPU_B("CPU per packet, b", Shape.B, Metric.CPU_PER_PACKET, Bound.AT_MOST, 0.70, 1.10),
    RATE_MAX(
            "packets per second, max",
            Shape.MAX,
            Metric.PACKETS_PER_SECOND,
            Bound.AT_LEAST,
            1.75,
            0.92),
    RATE_MAXB(
            "packets per second, maxb",
            Shape.MAXB,
            Metric.PACKETS_PER_SECOND,
            Bound.AT_LEAST,
            1.25,
            0.92),
    CPU_MAXB_GSO(
            "CPU per packet, maxb-gso",
            Shape.MAXB_GSO,
            Metric.CPU_PER_PACKET,
            Bound.AT_MOST,
            0.20,
            1.10),
    ROUND_TRIP("round trip p50, a", Shape.A, Metric.P50, Bound.AT_MOST, 1.0, Double.NaN),
    SET_UPS(
            "allocations set up per second",
            Shape.ALLOCATIONS,
            Metric.SET_UPS,
            Bound.AT_LEAST,
            2,
            Double.NaN),
    MEMORY(
            "resident memory added per allocation",
            Shape.ALLOCATIONS,
            Metric.ADDED_MEMORY,
            Bound.AT_MOST,
            0.10,
            Double.NaN),
    RATE_TLS(
            "packets per second, tls",
            Shape.TLS,
            Metric.PACKETS_PER_SECOND,
            Bound.AT_LEAST,
            1,
            Double.NaN),
    RATE_DTLS(
            "packets per second, dtls",
            Shape.DTLS,
            Metric.PACKETS_PER_SECOND,
            Bound.AT_LEAST,
            1,
            Double.NaN),
    IDLE(
            "resident memory, idle",
            Shape.START,
            Metric.IDLE_MEMORY,
            Bound.AT_MOST,
            Double.NaN,
            Double.NaN),
    FIRST_ANSWER(
            "first answer after exec",
            Shape.START,
            Metric.FIRST_ANSWER,
            Bound.AT_MOST,
            0.5,
            Double.NaN);

    private final String title;
    private final Shape shape;
    private final Metric metric;
    private final Bound bound;
    private final double againstCoturn;
    private final double againstLimit;

    Goal(
            String title,
            Shape shape,
            Metric metric,
            Bound bound,
            double againstCoturn,
            double againstLimit) {
        this.title = title;
        this.shape = shape;
        this.metric = metric;
        this.bound = bound;
        this.againstCoturn = againstCoturn;
        this.againstLimit = againstLimit;
    }

    private enum Bound {
        AT_MOST("≤"),
        AT_LEAST("≥");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    String title() {
        return title;
    }

    Shape shape() {
        return shape;
    }

    Metric metric() {
        return metric;
    }

    /// What the ratio to that server should be; empty where there is no such goal.
    OptionalDouble against(ServerKind other) {
        double ratio =
                switch (other) {
                    case COTURN -> againstCoturn;
                    case LIMIT -> againstLimit;
                    case LIMIT_SINGLE, HAIRPIN -> Double.NaN;
                };
        return Double.isNaN(ratio) ? OptionalDouble.empty() : OptionalDouble.of(ratio);
    }

    boolean isMet(double ratio, double goal) {
        return bound == Bound.AT_MOST ? ratio <= goal : ratio >= goal;
    }

    String format(double goal) {
        return bound.sign + " " + String.format(Locale.ROOT, "%.2f", goal);
    }
}
