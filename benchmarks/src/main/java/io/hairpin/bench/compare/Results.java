package io.hairpin.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Stream;

/// All that was measured in one run, and on what.
final class Results {
    private final Map<String, String> environment;
    private final List<Measurement> measurements = new ArrayList<>();

    Results(Map<String, String> environment) {
        this.environment = environment;
    }

    void add(Measurement measurement) {
        measurements.add(measurement);
    }

    /// What was run, where and how: names and what they are, in order.
    Map<String, String> environment() {
        return environment;
    }

    List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    /// The servers that took part, in the order in which they are shown.
    SequencedSet<String> servers() {
        SequencedSet<String> servers = new LinkedHashSet<>();
        for (ServerKind kind : ServerKind.values()) {
            measurements.stream()
                    .map(Measurement::server)
                    .filter(kind.label()::equals)
                    .forEach(servers::add);
        }
        return servers;
    }

    /// The shapes that were driven, in the order in which they are shown.
    List<Shape> shapes() {
        return Stream.of(Shape.values())
                .filter(shape -> measurements.stream().anyMatch(m -> m.shape() == shape))
                .toList();
    }

    int turns() {
        return measurements.stream().mapToInt(Measurement::turn).max().orElse(0);
    }

    Spread spread(String server, Shape shape, Metric metric) {
        return Spread.of(of(server, shape).mapToDouble(m -> m.value(metric)).toArray());
    }

    /// What one server's median is, divided by another's; NaN where one of them has none.
    double ratio(String server, String other, Shape shape, Metric metric) {
        return spread(server, shape, metric).median() / spread(other, shape, metric).median();
    }

    /// Whether the generator kept up in every turn; else the server could have done more.
    boolean generatorKeptUp(String server, Shape shape) {
        return of(server, shape).noneMatch(m -> m.bottleneck().equals("generator"));
    }

    private Stream<Measurement> of(String server, Shape shape) {
        return measurements.stream().filter(m -> m.server().equals(server) && m.shape() == shape);
    }
}
