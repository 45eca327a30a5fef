package io.hairpin.bench.compare;

import io.hairpin.bench.report.ResidentMemory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Measures every shape with every server, turn by turn, so that whatever the machine does
/// meanwhile happens to all of them.
///
/// Each measurement has a server of its own, started for it: what one shape left behind cannot
/// help or hurt the next, and the servers alternate within seconds.
final class Turns {
    /// Before an idle server's memory is read, so that whatever it does after its start is done: a
    /// JVM gives back at its second look, ten seconds after its start, what compiling took.
    private static final Duration SETTLE = Duration.ofSeconds(12);

    /// Until what was compiled meanwhile is done, and the memory for that given back.
    private static final String HOLD = "10s";

    /// Enough rounds for the compilers, and enough under way that nobody waits for the generator.
    private static final String[] WARM = {"--rounds", "20", "--concurrency", "512"};

    /// The same, where a round takes many times as long for the handshakes in it.
    private static final String[] WARM_SECURED = {"--rounds", "5", "--concurrency", "256"};

    private final Bench bench;
    private final Generator generator;
    private final List<ServerKind> servers;
    private final List<Shape> shapes;
    private final Consumer<String> progress;

    Turns(
            Bench bench,
            Generator generator,
            List<ServerKind> servers,
            List<Shape> shapes,
            Consumer<String> progress) {
        this.bench = bench;
        this.generator = generator;
        this.servers = servers;
        this.shapes = shapes;
        this.progress = progress;
    }

    /// Takes so many turns and hands over each measurement as soon as there is one. Another server
    /// begins each turn: none is always the one that comes after coturn.
    void take(int turns, Consumer<Measurement> results) {
        for (int turn = 1; turn <= turns; turn++) {
            List<ServerKind> order = new ArrayList<>(servers);
            Collections.rotate(order, -(turn - 1));
            for (Shape shape : shapes) {
                for (ServerKind kind : order) {
                    if (kind.serves(shape)) {
                        Measurement measurement = measure(turn, kind, shape);
                        results.accept(measurement);
                        progress.accept(line(measurement, turns));
                    }
                }
            }
        }
    }

    private Measurement measure(int turn, ServerKind kind, Shape shape) {
        Map<String, Double> values = new HashMap<>();
        String bottleneck = "";
        try (RunningServer server = RunningServer.start(kind, shape.isSecured(), bench)) {
            if (!shape.isPlainUdp()) {
                server.awaitConnections();
            }
            values.put(Metric.FIRST_ANSWER.key(), server.firstAnswer().toNanos() / 1e6);
            if (shape == Shape.START) {
                idle(server, values);
            } else if (shape.isSetUps()) {
                setUps(server, shape, values);
            } else {
                Generator.Report report = generator.drive(server, shape);
                bottleneck = report.bottleneck();
                values.putAll(report.numbers());
            }
            server.checkAlive();
        } catch (CompareException e) {
            throw new CompareException(
                    "turn %d, %s, %s: %s"
                            .formatted(turn, shape.label(), kind.title(), e.getMessage()),
                    e);
        }
        return new Measurement(turn, kind.label(), shape, bottleneck, values);
    }

    private static double idle(RunningServer server, Map<String, Double> values) {
        try {
            Thread.sleep(SETTLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareException("interrupted", e);
        }
        ResidentMemory memory = server.memory();
        values.put(Metric.IDLE_MEMORY.key(), (double) memory.totalBytes());
        values.put(Metric.IDLE_PRIVATE_MEMORY.key(), (double) memory.ownBytes());
        return memory.totalBytes();
    }

    /// Sets up once, and then many times more. What memory is added counts from the server as it is
    /// after its start, all that it loads and compiles at the first requests included; how fast it
    /// is counts in the last round, when server and generator have done that.
    private void setUps(RunningServer server, Shape shape, Map<String, Double> values) {
        double idle = idle(server, values);
        Generator.Report cold = generator.drive(server, shape, "--hold", HOLD);
        server.checkAlive();
        Generator.Report warm =
                generator.drive(server, shape, shape.isSecured() ? WARM_SECURED : WARM);
        values.putAll(warm.numbers());
        values.put(Metric.COLD_SET_UPS.key(), cold.number(Metric.SET_UPS.key()));
        double added = cold.number("serverRssAfterBytes") - idle;
        values.put(Metric.ADDED_MEMORY.key(), added / cold.number("clients"));
    }

    private static String line(Measurement measurement, int turns) {
        StringBuilder line = new StringBuilder();
        line.append("turn %d of %d  ".formatted(measurement.turn(), turns));
        line.append("%-12s".formatted(measurement.shape().label()));
        line.append("%-13s".formatted(measurement.server()));
        for (Metric metric : Metric.shownFor(measurement.shape())) {
            line.append(
                    "  %s %s".formatted(metric.format(measurement.value(metric)), metric.unit()));
        }
        if (measurement.bottleneck().equals("generator")) {
            line.append("  (the generator did not keep up)");
        }
        return line.toString();
    }
}
