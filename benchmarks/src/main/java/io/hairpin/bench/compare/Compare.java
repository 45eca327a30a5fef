package io.hairpin.bench.compare;

import io.hairpin.bench.report.Environment;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The command behind `benchmarks/compare`, which builds what is needed and then runs this.
@Command(
        name = "benchmarks/compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts coturn, a minimal C forwarder and Hairpin in turns on one CPU, drives the same"
                    + " traffic through each from another, and writes a table and a plot.",
            ""
        },
        footer = {
            "",
            "What is measured, and what it does not say: benchmarks/README.md.",
            "COTURN names another turnserver than the one on the path.",
            "",
            "  benchmarks/compare --quick                  a look, in minutes",
            "  benchmarks/compare --shapes a,max --turns 7",
            "  benchmarks/compare --servers hairpin,limit --shapes maxb-gso"
        })
final class Compare implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int SERVER_CPU = 0;
    private static final int OTHER_CPU = 1;
    private static final int QUICK_SECONDS = 2;
    private static final double QUIET_PERCENT = 5;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--shapes",
            split = ",",
            paramLabel = "SHAPE",
            description = "what to measure (default: all): ${COMPLETION-CANDIDATES}",
            completionCandidates = ShapeLabels.class)
    private List<String> shapes = List.of();

    @Option(
            names = "--servers",
            split = ",",
            paramLabel = "SERVER",
            defaultValue = "coturn,limit,hairpin",
            description =
                    "which to measure (default: ${DEFAULT-VALUE}), of ${COMPLETION-CANDIDATES}",
            completionCandidates = ServerLabels.class)
    private List<String> servers = List.of();

    @Option(
            names = "--turns",
            defaultValue = "5",
            paramLabel = "N",
            description = "how often everything is measured (default: ${DEFAULT-VALUE})")
    private int turns;

    @Option(
            names = "--warm-up",
            defaultValue = "4",
            paramLabel = "SECONDS",
            description = "of traffic before it is measured (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--duration",
            defaultValue = "5",
            paramLabel = "SECONDS",
            description = "of traffic that is measured (default: ${DEFAULT-VALUE})")
    private int durationSeconds;

    @Option(
            names = "--quick",
            description =
                    "one turn of two seconds after two; unless --shapes is given, the main ones"
                            + " only")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "for what is written (default: benchmarks/target/compare-TIME)")
    private Path output =
            Path.of(
                    "benchmarks/target/compare-"
                            + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));

    @Option(
            names = "--redraw",
            paramLabel = "FOLDER",
            description = "measures nothing: writes table and plot of an earlier comparison anew")
    private Path redraw = Path.of("");

    /// The shapes that the goals speak of.
    private static final List<Shape> MAIN =
            List.of(
                    Shape.A,
                    Shape.B,
                    Shape.MAX,
                    Shape.MAXB,
                    Shape.MAXB_GSO,
                    Shape.ALLOCATIONS,
                    Shape.START);

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Compare());
        command.setExecutionExceptionHandler(
                (failure, line, parsed) -> {
                    if (failure instanceof CompareException) {
                        line.getErr().println("error: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                });
        Runtime.getRuntime().addShutdownHook(new Thread(RunningServer::endAll, "end"));
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (!redraw.toString().isEmpty()) {
            write(Json.read(redraw.resolve("raw.json")), redraw);
            return 0;
        }
        if (turns < 1 || warmUpSeconds < 0 || durationSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "too few turns or seconds");
        }
        List<ServerKind> kinds = named("server", servers, ServerKind::find, ServerKind.labels());
        List<Shape> chosen = named("shape", shapes, Shape::find, Shape.labels());
        if (chosen.isEmpty()) {
            chosen = quick ? MAIN : List.of(Shape.values());
        }
        measure(kinds, chosen);
        return 0;
    }

    private void measure(List<ServerKind> kinds, List<Shape> chosen) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Prerequisites prerequisites = Prerequisites.check(kinds, chosen);
        Path folder = Files.createDirectories(output.toAbsolutePath());
        Path root = Path.of("").toAbsolutePath();
        Path limit = folder.resolve("forwarder");
        if (kinds.contains(ServerKind.LIMIT) || kinds.contains(ServerKind.LIMIT_SINGLE)) {
            prerequisites.compile(root.resolve("benchmarks/limit"), limit);
        }
        if (chosen.stream().anyMatch(Shape::isSecured)) {
            prerequisites.makeCertificate(folder);
        }
        Bench bench = new Bench(root, folder, prerequisites.coturn(), limit, SERVER_CPU, OTHER_CPU);
        int seconds = quick ? QUICK_SECONDS : durationSeconds;
        int warmUp = quick ? QUICK_SECONDS : warmUpSeconds;
        Generator generator =
                new Generator(bench, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
        Results results = new Results(environment(prerequisites, warmUp, seconds));
        out.println("writing to " + folder);
        Consumer<Measurement> record =
                measurement -> {
                    results.add(measurement);
                    write(results, folder); // each time: a run that breaks off has its worth
                };
        new Turns(bench, generator, kinds, chosen, out::println).take(quick ? 1 : turns, record);
        out.println("table: " + folder.resolve("table.md"));
        out.println("plot:  " + folder.resolve("plot.svg"));
    }

    private Map<String, String> environment(Prerequisites prerequisites, int warmUp, int seconds)
            throws IOException {
        Map<String, String> environment = Environment.machine();
        environment.put(
                "coturn", Environment.firstLine(List.of(prerequisites.coturn(), "--version")));
        environment.put("C compiler", Environment.firstLine(List.of("cc", "--version")));
        environment.put(
                "command",
                String.join(
                        " ",
                        Stream.concat(
                                        Stream.of(spec.name()),
                                        spec.commandLine().getParseResult().originalArgs().stream())
                                .toList()));
        environment.put("each measurement", warmUp + " s of warm-up, then " + seconds + " s");
        environment.put("other work at the start", "%.0f %% of all CPUs".formatted(busyPercent()));
        environment.put(
                "CPUs used", "servers " + SERVER_CPU + ", generator and peers " + OTHER_CPU);
        return environment;
    }

    private double busyPercent() throws IOException {
        try {
            double busy = Environment.busyPercent();
            if (busy > QUIET_PERCENT) {
                spec.commandLine()
                        .getErr()
                        .printf(
                                "warning: other work takes %.0f %% of this machine; do not trust"
                                        + " what is measured now%n",
                                busy);
            }
            return busy;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareException("interrupted", e);
        }
    }

    private static void write(Results results, Path folder) {
        try {
            Json.write(results, folder.resolve("raw.json"));
            Files.writeString(folder.resolve("table.md"), new Tables(results).markdown());
            Files.writeString(folder.resolve("plot.svg"), Plot.svg(results));
        } catch (IOException e) {
            throw new CompareException("cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    private <T> List<T> named(
            String what, List<String> labels, Function<String, Optional<T>> find, String known) {
        return labels.stream()
                .map(
                        label ->
                                find.apply(label)
                                        .orElseThrow(
                                                () ->
                                                        new ParameterException(
                                                                spec.commandLine(),
                                                                "no %s is called %s; there are %s"
                                                                        .formatted(
                                                                                what, label,
                                                                                known))))
                .distinct()
                .toList();
    }

    /// For the help.
    static final class ShapeLabels extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ShapeLabels() {
            super(Stream.of(Shape.values()).map(Shape::label).toList());
        }
    }

    /// For the help.
    static final class ServerLabels extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ServerLabels() {
            super(Stream.of(ServerKind.values()).map(ServerKind::label).toList());
        }
    }
}
