package io.hairpin.bench.soak;

import io.hairpin.bench.report.Scale;
import io.hairpin.bench.report.Svg;
import io.hairpin.bench.report.Svg.Anchor;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws the samples of a run as three charts over time: memory, descriptors, and tables.
final class SoakPlot {
    private static final int WIDTH = 1240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int HEAD = 60; // above the first chart
    private static final int TITLE = 54; // above the lines of a chart
    private static final int CHART = 200; // how high its highest line may be
    private static final int PITCH = 300; // from one chart to the next
    private static final double MEGABYTE = 1e6;

    private record Line(String name, String colour, ToDoubleFunction<Sample> value) {}

    private static final List<List<Line>> CHARTS =
            List.of(
                    List.of(
                            new Line("resident, MB", "#d55e00", s -> s.residentBytes() / MEGABYTE),
                            new Line("of its own, MB", "#999999", s -> s.ownBytes() / MEGABYTE),
                            new Line(
                                    "heap after the last collection, MB",
                                    "#0072b2",
                                    s -> s.heapBytes() / MEGABYTE)),
                    List.of(
                            new Line("clients", "#999999", Sample::clients),
                            new Line("descriptors", "#d55e00", Sample::descriptors),
                            table("allocations", "hairpin_allocations_active", "#0072b2")),
                    List.of(
                            table("DTLS sessions", "hairpin_limit_used dtls-sessions", "#d55e00"),
                            table("connections", "hairpin_limit_used tcp-connections", "#0072b2"),
                            table(
                                    "connections with peers",
                                    "hairpin_limit_used peer-connections",
                                    "#009e73"),
                            table("reserved ports", "hairpin_limit_used reservations", "#999999")));

    private final List<Sample> samples;
    private final double seconds;
    private final Svg svg = new Svg(WIDTH, HEAD + CHARTS.size() * PITCH);

    private SoakPlot(List<Sample> samples) {
        this.samples = samples;
        seconds = samples.isEmpty() ? 0 : samples.getLast().seconds();
    }

    static String svg(List<Sample> samples) {
        SoakPlot plot = new SoakPlot(samples);
        plot.svg.text(
                LEFT, 34, Anchor.START, 18, Svg.INK, "A server under clients that come and go");
        for (int i = 0; i < CHARTS.size(); i++) {
            plot.chart(CHARTS.get(i), HEAD + i * PITCH + TITLE + CHART);
        }
        return plot.svg.finish();
    }

    private static Line table(String name, String metric, String colour) {
        return new Line(name, colour, sample -> sample.tables().getOrDefault(metric, 0L));
    }

    private void chart(List<Line> lines, double bottom) {
        double highest =
                samples.stream()
                        .flatMapToDouble(
                                sample ->
                                        lines.stream()
                                                .mapToDouble(l -> l.value().applyAsDouble(sample)))
                        .max()
                        .orElse(0);
        Scale up = Scale.linear(highest * 1.06, CHART);
        Scale across = Scale.linear(seconds / 60, WIDTH - LEFT - RIGHT);
        frame(up, across, bottom);
        double x = LEFT;
        for (Line line : lines) {
            svg.rectangle(x, bottom - CHART - 30, 14, 14, line.colour());
            svg.text(x + 20, bottom - CHART - 18, Anchor.START, 13, Svg.INK, line.name());
            x += 54 + 7.5 * line.name().length();
            draw(line, up, across, bottom);
        }
    }

    private void frame(Scale up, Scale across, double bottom) {
        for (double tick : up.ticks()) {
            double y = bottom - up.at(tick);
            svg.line(LEFT, y, WIDTH - RIGHT, y, "#e4e4e4");
            svg.text(LEFT - 8, y + 4, Anchor.END, 12, Svg.FAINT, number(tick));
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, Svg.INK);
        for (double tick : across.ticks()) {
            double x = LEFT + across.at(tick);
            svg.text(x, bottom + 18, Anchor.MIDDLE, 12, Svg.FAINT, number(tick) + " min");
        }
    }

    private void draw(Line line, Scale up, Scale across, double bottom) {
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample now = samples.get(i);
            svg.line(
                    LEFT + across.at(before.seconds() / 60),
                    bottom - up.at(line.value().applyAsDouble(before)),
                    LEFT + across.at(now.seconds() / 60),
                    bottom - up.at(line.value().applyAsDouble(now)),
                    line.colour());
        }
    }

    private static String number(double tick) {
        return tick == Math.rint(tick)
                ? "%,.0f".formatted(tick).replace(',', ' ')
                : String.format(Locale.ROOT, "%.2f", tick);
    }
}
