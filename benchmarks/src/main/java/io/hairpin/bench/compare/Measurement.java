package io.hairpin.bench.compare;

import java.util.Map;

/// What one server did under one shape in one turn. The bottleneck is what the generator named: the
/// server, itself, or the rate it was told; empty where nothing was relayed.
record Measurement(
        int turn, String server, Shape shape, String bottleneck, Map<String, Double> values) {

    Measurement {
        values = Map.copyOf(values);
    }

    double value(Metric metric) {
        return values.getOrDefault(metric.key(), Double.NaN);
    }
}
