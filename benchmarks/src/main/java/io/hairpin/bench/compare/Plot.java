package io.hairpin.bench.compare;

import java.util.List;
import java.util.Locale;

/// Draws results as an SVG of three charts: packets per second, CPU per packet, latency
/// percentiles.
final class Plot {
    private static final int WIDTH = 1240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int CHART = 250;
    private static final int PITCH = 360; // from one chart to the next
    private static final int TOP = 112;
    private static final double GAP = 0.24; // of a group, between it and the next
    private static final List<Metric> PERCENTILES = List.of(Metric.P50, Metric.P90, Metric.P99);

    private final Results results;
    private final List<String> servers;
    private final StringBuilder svg = new StringBuilder();

    Plot(Results results) {
        this.results = results;
        this.servers = List.copyOf(results.servers());
    }

    String svg() {
        svg.setLength(0);
        List<Shape> traffic = results.shapes().stream().filter(Shape::isTraffic).toList();
        List<Shape> saturated = traffic.stream().filter(Shape::isSaturated).toList();
        List<Shape> roundTrips = traffic.stream().filter(Shape::isRoundTrip).toList();
        int height = TOP + 3 * PITCH - 20;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                WIDTH, height, WIDTH, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, height);
        legend();
        bars(
                0,
                "Packets per second at saturation, in thousands",
                saturated,
                Metric.PACKETS_PER_SECOND);
        bars(1, "Server CPU per relayed packet, in nanoseconds", traffic, Metric.CPU_PER_PACKET);
        latencies(2, roundTrips);
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        text(
                LEFT,
                28,
                "start",
                "font-size=\"18\" font-weight=\"bold\"",
                "TURN servers on one core, side by side");
        text(
                LEFT,
                48,
                "start",
                "fill=\"#555555\"",
                "Medians over %d turns; whiskers from the lowest to the highest."
                        .formatted(results.turns()));
        double x = LEFT;
        for (String server : servers) {
            String title = ServerKind.find(server).map(ServerKind::title).orElse(server);
            add(
                    "<rect x=\"%.1f\" y=\"60\" width=\"14\" height=\"14\" fill=\"%s\"/>\n",
                    x, colour(server));
            text(x + 20, 72, "start", "", title);
            x += 40 + 7.5 * title.length();
        }
    }

    private void bars(int place, String title, List<Shape> shapes, Metric metric) {
        double highest = 0;
        for (Shape shape : shapes) {
            for (String server : servers) {
                Spread spread = results.spread(server, shape, metric);
                highest = spread.isEmpty() ? highest : Math.max(highest, spread.max());
            }
        }
        Scale scale = Scale.linear(highest * 1.06, CHART);
        int top = frame(place, title, shapes, scale, metric);
        double group = group(shapes);
        double bar = group * (1 - GAP) / Math.max(1, servers.size());
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < servers.size(); j++) {
                Spread spread = results.spread(servers.get(j), shapes.get(i), metric);
                if (!spread.isEmpty()) {
                    double x = LEFT + i * group + group * GAP / 2 + j * bar;
                    bar(x, bar, top, scale, spread, servers.get(j), metric);
                }
            }
        }
    }

    private void bar(
            double x,
            double width,
            int top,
            Scale scale,
            Spread spread,
            String server,
            Metric metric) {
        double y = top + CHART - scale.at(spread.median());
        double middle = x + width / 2;
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                x + 1, y, width - 2, top + CHART - y, colour(server));
        double least = top + CHART - scale.at(spread.min());
        double most = top + CHART - scale.at(spread.max());
        line(middle, least, middle, most, "#333333");
        text(middle, most - 5, "middle", "font-size=\"10\"", metric.format(spread.median()));
    }

    /// Three dots on a line for each server: half of all packets are faster than the first, nine of
    /// ten than the second, all but one in a hundred than the third.
    private void latencies(int place, List<Shape> shapes) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Shape shape : shapes) {
            for (String server : servers) {
                Spread p50 = results.spread(server, shape, Metric.P50);
                Spread p99 = results.spread(server, shape, Metric.P99);
                least = p50.isEmpty() ? least : Math.min(least, p50.median());
                most = p99.isEmpty() ? most : Math.max(most, p99.median());
            }
        }
        Scale scale = Scale.logarithmic(least, most, CHART);
        String title = "Round trip in microseconds: p50, p90, p99 (logarithmic)";
        int top = frame(place, title, shapes, scale, Metric.P50);
        double group = group(shapes);
        double step = group * (1 - GAP) / Math.max(1, servers.size());
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < servers.size(); j++) {
                double x = LEFT + i * group + group * GAP / 2 + (j + 0.5) * step;
                dots(x, top, scale, servers.get(j), shapes.get(i));
            }
        }
    }

    private void dots(double x, int top, Scale scale, String server, Shape shape) {
        double before = Double.NaN;
        for (Metric metric : PERCENTILES) {
            Spread spread = results.spread(server, shape, metric);
            if (spread.isEmpty() || spread.median() <= 0) {
                continue;
            }
            double y = top + CHART - scale.at(spread.median());
            if (Double.isNaN(before)) {
                text(x, y + 16, "middle", "font-size=\"10\"", metric.format(spread.median()));
            } else {
                line(x, before, x, y, colour(server));
            }
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\"/>\n",
                    x, y, metric == Metric.P50 ? "5" : "3.5", colour(server));
            before = y;
        }
    }

    /// Title, grid and names of a chart; returns where its top is.
    private int frame(int place, String title, List<Shape> shapes, Scale scale, Metric metric) {
        int top = TOP + place * PITCH + 24;
        text(LEFT, top - 16, "start", "font-size=\"14\" font-weight=\"bold\"", title);
        for (double tick : scale.ticks()) {
            double y = top + CHART - scale.at(tick);
            line(LEFT, y, WIDTH - RIGHT, y, "#e4e4e4");
            text(LEFT - 8, y + 4, "end", "fill=\"#555555\"", metric.formatTick(tick));
        }
        line(LEFT, top + CHART, WIDTH - RIGHT, top + CHART, "#333333");
        for (int i = 0; i < shapes.size(); i++) {
            double x = LEFT + (i + 0.5) * group(shapes);
            text(x, top + CHART + 20, "middle", "font-size=\"13\"", shapes.get(i).label());
        }
        if (shapes.isEmpty()) {
            text(LEFT + 12, top + CHART / 2.0, "start", "fill=\"#555555\"", "not measured");
        }
        return top;
    }

    private static double group(List<Shape> shapes) {
        return (WIDTH - LEFT - RIGHT) / (double) Math.max(1, shapes.size());
    }

    /// Told apart by those who do not see all colours as well.
    private static String colour(String server) {
        return switch (ServerKind.find(server).orElseThrow()) {
            case COTURN -> "#999999";
            case LIMIT -> "#56b4e9";
            case LIMIT_SINGLE -> "#0072b2";
            case HAIRPIN -> "#d55e00";
        };
    }

    private void line(double x1, double y1, double x2, double y2, String colour) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                x1, y1, x2, y2, colour);
    }

    private void text(double x, double y, String anchor, String attributes, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;");
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n",
                x, y, anchor, attributes, escaped);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
