package io.hairpin.bench.compare;

import java.util.Map;

/// Results as a run might give, with numbers that are easy to follow.
final class SampleResults {
    private SampleResults() {}

    /// Three turns of a and max; once, beside Hairpin in max, the generator is too slow.
    static Results of() {
        Results results = new Results(Map.of("processor", "a & b"));
        for (int turn = 1; turn <= 3; turn++) {
            add(results, turn, "coturn", 100_000, 8000, 40, "server");
            add(results, turn, "limit", 200_000, 4000, 30, "server");
            add(results, turn, "hairpin", 180_000, 5000, 44, turn == 2 ? "generator" : "server");
        }
        results.add(
                new Measurement(
                        1,
                        "hairpin",
                        Shape.START,
                        "",
                        Map.of("firstAnswerMillis", 480.0, "idleResidentBytes", 64e6)));
        return results;
    }

    private static void add(
            Results results,
            int turn,
            String server,
            double rate,
            double cpu,
            double p50,
            String bottleneck) {
        double off = (turn - 2) * 0.01; // the median is what was given
        Map<String, Double> values =
                Map.of(
                        "packetsPerSecond", rate * (1 + off),
                        "serverCpuNanosPerPacket", cpu * (1 + off),
                        "latencyMicros.p50", p50,
                        "latencyMicros.p90", p50 * 2,
                        "latencyMicros.p99", p50 * 10);
        results.add(new Measurement(turn, server, Shape.A, "rate", values));
        results.add(new Measurement(turn, server, Shape.MAX, bottleneck, values));
    }
}
