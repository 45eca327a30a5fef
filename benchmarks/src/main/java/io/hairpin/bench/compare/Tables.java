package io.hairpin.bench.compare;

import io.hairpin.bench.report.Table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Writes results as a page of Markdown: what was to be reached, then every shape by itself.
final class Tables {
    private static final String NONE = "–";
    private static final String BOUNDED =
            "≥: in some turn the generator was the slower one; the server could have done more.";

    private final Results results;

    Tables(Results results) {
        this.results = results;
    }

    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Servers side by side\n\n");
        page.append(
                "Medians over %d turns; in brackets the lowest and the highest. Each ratio is a\n"
                        .formatted(results.turns()));
        page.append("median divided by another one of the same run.\n");
        goals(page);
        for (Shape shape : results.shapes()) {
            page.append("\n## ").append(shape.label()).append(": ");
            page.append(shape.description()).append("\n\n");
            if (shape.isTraffic()) {
                page.append(traffic(shape));
            } else {
                page.append(others(shape));
            }
        }
        page.append("\n## Where and how\n\n");
        Table environment = new Table("", "");
        results.environment().forEach((name, value) -> environment.row(name, value));
        return page.append(environment.markdown()).toString();
    }

    private void goals(StringBuilder page) {
        List<Goal> measured =
                List.of(Goal.values()).stream()
                        .filter(
                                goal ->
                                        !results.spread(
                                                        ServerKind.HAIRPIN.label(),
                                                        goal.shape(),
                                                        goal.metric())
                                                .isEmpty())
                        .toList();
        if (measured.isEmpty()) {
            return;
        }
        Table table =
                new Table(
                        "", "unit", "Hairpin", "coturn", "ratio", "goal", "", "C limit", "ratio",
                        "goal", "");
        for (Goal goal : measured) {
            List<String> row = new ArrayList<>(List.of(goal.title(), goal.metric().unit()));
            row.add(median(ServerKind.HAIRPIN, goal));
            row.addAll(against(ServerKind.COTURN, goal));
            row.addAll(against(ServerKind.LIMIT, goal));
            table.row(row);
        }
        page.append("\n## What is to be reached\n\n").append(table.markdown());
    }

    private String median(ServerKind server, Goal goal) {
        return goal.metric()
                .format(results.spread(server.label(), goal.shape(), goal.metric()).median());
    }

    private List<String> against(ServerKind other, Goal goal) {
        double ratio =
                results.ratio(
                        ServerKind.HAIRPIN.label(), other.label(), goal.shape(), goal.metric());
        OptionalDouble wanted = goal.against(other);
        if (wanted.isEmpty() || Double.isNaN(ratio)) {
            return List.of(median(other, goal), ratio(ratio), "", "");
        }
        return List.of(
                median(other, goal),
                exactly(ratio),
                goal.format(wanted.getAsDouble()),
                goal.isMet(ratio, wanted.getAsDouble()) ? "reached" : "**missed**");
    }

    private String traffic(Shape shape) {
        Table table =
                new Table(
                        "",
                        "1000 packets/s",
                        "÷ coturn",
                        "÷ limit",
                        "CPU ns/packet",
                        "÷ coturn",
                        "÷ limit",
                        "p50 µs",
                        "p90 µs",
                        "p99 µs",
                        "lost %",
                        "server CPU %",
                        "generator CPU %");
        boolean bounded = false;
        for (String server : results.servers()) {
            if (results.spread(server, shape, Metric.PACKETS_PER_SECOND).isEmpty()) {
                continue;
            }
            boolean most = results.generatorKeptUp(server, shape);
            bounded |= !most;
            List<String> row = new ArrayList<>(List.of(title(server)));
            row.add((most ? "" : "≥ ") + spread(server, shape, Metric.PACKETS_PER_SECOND));
            row.addAll(ratios(server, shape, Metric.PACKETS_PER_SECOND));
            row.add(spread(server, shape, Metric.CPU_PER_PACKET));
            row.addAll(ratios(server, shape, Metric.CPU_PER_PACKET));
            for (Metric metric :
                    List.of(
                            Metric.P50,
                            Metric.P90,
                            Metric.P99,
                            Metric.LOSS,
                            Metric.SERVER_CPU,
                            Metric.GENERATOR_CPU)) {
                row.add(metric.format(results.spread(server, shape, metric).median()));
            }
            table.row(row);
        }
        return table.markdown() + (bounded ? "\n" + BOUNDED + "\n" : "");
    }

    private String others(Shape shape) {
        Table table = new Table("", "", "median", "÷ coturn", "÷ limit");
        for (Metric metric : Metric.values()) {
            for (String server : results.servers()) {
                if (metric.isFor(shape) && !results.spread(server, shape, metric).isEmpty()) {
                    List<String> row = new ArrayList<>(List.of(title(server), metric.unit()));
                    row.add(spread(server, shape, metric));
                    row.addAll(ratios(server, shape, metric));
                    table.row(row);
                }
            }
        }
        return table.markdown();
    }

    private List<String> ratios(String server, Shape shape, Metric metric) {
        List<String> ratios = new ArrayList<>();
        for (ServerKind other : List.of(ServerKind.COTURN, ServerKind.LIMIT)) {
            boolean itself = other.label().equals(server);
            ratios.add(itself ? NONE : ratio(results.ratio(server, other.label(), shape, metric)));
        }
        return ratios;
    }

    private String spread(String server, Shape shape, Metric metric) {
        Spread spread = results.spread(server, shape, metric);
        if (spread.count() < 2) {
            return metric.format(spread.median());
        }
        return "%s (%s–%s)"
                .formatted(
                        metric.format(spread.median()),
                        metric.format(spread.min()),
                        metric.format(spread.max()));
    }

    /// So that one just missed does not look as if it were reached.
    private static String exactly(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }

    private static String ratio(double ratio) {
        return Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : NONE;
    }

    private static String title(String server) {
        return ServerKind.find(server).map(ServerKind::title).orElse(server);
    }
}
