package io.hairpin.bench.compare;

import io.hairpin.bench.report.Scale;
import io.hairpin.bench.report.Svg;
import io.hairpin.bench.report.Svg.Anchor;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// Draws results as three charts: packets per second, CPU per packet and latency percentiles.
final class Plot {
    private static final int WIDTH = 1240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int HEAD = 100; // above the first chart
    private static final int TITLE = 34; // above the bars of a chart
    private static final int CHART = 250; // how high its highest bar may be
    private static final int PITCH = 350; // from one chart to the next
    private static final double GAP = 0.16; // of a shape's room, between it and the next
    private static final List<Metric> PERCENTILES = List.of(Metric.P50, Metric.P90, Metric.P99);

    private final Results results;
    private final List<String> servers;
    private final Svg svg = new Svg(WIDTH, HEAD + 3 * PITCH);

    private Plot(Results results) {
        this.results = results;
        this.servers = List.copyOf(results.servers());
    }

    static String svg(Results results) {
        Plot plot = new Plot(results);
        List<Shape> traffic = results.shapes().stream().filter(Shape::isTraffic).toList();
        plot.legend();
        plot.bars(
                0,
                "Packets per second at saturation, in thousands",
                traffic.stream().filter(Shape::isSaturated).toList(),
                Metric.PACKETS_PER_SECOND);
        plot.bars(
                1, "Server CPU per relayed packet, in nanoseconds", traffic, Metric.CPU_PER_PACKET);
        plot.latencies(2, traffic.stream().filter(Shape::isRoundTrip).toList());
        return plot.svg.finish();
    }

    private void legend() {
        text(LEFT, 30, Anchor.START, 18, "TURN servers on one core, side by side");
        double x = LEFT;
        for (String server : servers) {
            String title = ServerKind.find(server).map(ServerKind::title).orElse(server);
            svg.rectangle(x, 48, 14, 14, colour(server));
            text(x + 20, 60, Anchor.START, 13, title);
            x += 44 + 7.5 * title.length();
        }
        String how = "medians (turns: " + results.turns() + "), whiskers from lowest to highest";
        svg.text(x, 60, Anchor.START, 13, Svg.FAINT, how);
    }

    private void bars(int place, String title, List<Shape> shapes, Metric metric) {
        double highest = all(shapes, metric, Spread::max).max().orElse(0);
        // A little more, for the number above the highest.
        Scale scale = Scale.linear(highest * 1.06, CHART);
        double bottom = frame(place, title, shapes, scale, metric);
        double width = room(shapes) * (1 - GAP) / Math.max(1, servers.size());
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < servers.size(); j++) {
                Spread spread = results.spread(servers.get(j), shapes.get(i), metric);
                if (!spread.isEmpty()) {
                    double x = middle(i, j, shapes);
                    double height = scale.at(spread.median());
                    double top = bottom - scale.at(spread.max());
                    svg.rectangle(
                            x - width / 2 + 1,
                            bottom - height,
                            width - 2,
                            height,
                            colour(servers.get(j)));
                    svg.line(x, bottom - scale.at(spread.min()), x, top, Svg.INK);
                    text(x, top - 4, Anchor.MIDDLE, 10, metric.format(spread.median()));
                }
            }
        }
    }

    /// Three dots on a line for each server: half of all packets are faster than the first, nine of
    /// ten than the second, all but one in a hundred than the third.
    private void latencies(int place, List<Shape> shapes) {
        double least = all(shapes, Metric.P50, Spread::median).min().orElse(1);
        double most = all(shapes, Metric.P99, Spread::median).max().orElse(10);
        Scale scale = Scale.logarithmic(least, most, CHART);
        String title = "Round trip in microseconds: p50, p90 and p99, on a logarithmic scale";
        double bottom = frame(place, title, shapes, scale, Metric.P50);
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < servers.size(); j++) {
                dots(middle(i, j, shapes), bottom, scale, servers.get(j), shapes.get(i));
            }
        }
    }

    private void dots(double x, double bottom, Scale scale, String server, Shape shape) {
        double before = Double.NaN;
        for (Metric metric : PERCENTILES) {
            double median = results.spread(server, shape, metric).median();
            if (!(median > 0)) {
                continue;
            }
            double y = bottom - scale.at(median);
            if (Double.isNaN(before)) {
                text(x, y + 16, Anchor.MIDDLE, 10, metric.format(median));
            } else {
                svg.line(x, before, x, y, colour(server));
            }
            svg.dot(x, y, metric == Metric.P50 ? 5 : 3.5, colour(server));
            before = y;
        }
    }

    /// Title, grid and names of a chart; returns where its bars begin.
    private double frame(int place, String title, List<Shape> shapes, Scale scale, Metric metric) {
        double bottom = HEAD + place * PITCH + TITLE + CHART;
        text(LEFT, bottom - CHART - 16, Anchor.START, 15, title);
        for (double tick : scale.ticks()) {
            double y = bottom - scale.at(tick);
            svg.line(LEFT, y, WIDTH - RIGHT, y, "#e4e4e4");
            svg.text(LEFT - 8, y + 4, Anchor.END, 12, Svg.FAINT, metric.formatTick(tick));
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, Svg.INK);
        for (int i = 0; i < shapes.size(); i++) {
            double x = LEFT + (i + 0.5) * room(shapes);
            text(x, bottom + 24, Anchor.MIDDLE, 13, shapes.get(i).label());
        }
        if (shapes.isEmpty()) {
            svg.text(LEFT + 12, bottom - 12, Anchor.START, 12, Svg.FAINT, "not measured");
        }
        return bottom;
    }

    private DoubleStream all(List<Shape> shapes, Metric metric, ToDoubleFunction<Spread> part) {
        return shapes.stream()
                .flatMap(shape -> servers.stream().map(s -> results.spread(s, shape, metric)))
                .filter(spread -> !spread.isEmpty())
                .mapToDouble(part);
    }

    /// How wide a shape is, with the gap around it.
    private static double room(List<Shape> shapes) {
        return (WIDTH - LEFT - RIGHT) / (double) Math.max(1, shapes.size());
    }

    private double middle(int shape, int server, List<Shape> shapes) {
        double share = GAP / 2 + (1 - GAP) * (server + 0.5) / Math.max(1, servers.size());
        return LEFT + (shape + share) * room(shapes);
    }

    /// Those who see few colours can tell these apart as well.
    private static String colour(String server) {
        return switch (ServerKind.find(server).orElseThrow()) {
            case COTURN -> "#999999";
            case LIMIT -> "#56b4e9";
            case LIMIT_SINGLE -> "#0072b2";
            case HAIRPIN -> "#d55e00";
        };
    }

    private void text(double x, double y, Anchor anchor, int size, String words) {
        svg.text(x, y, anchor, size, Svg.INK, words);
    }
}
