package io.hairpin.bench.soak;

import io.hairpin.bench.report.Environment;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The command behind `benchmarks/soak`, which builds what is needed and then runs this.
@Command(
        name = "benchmarks/soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts ./hairpin serve on loopback and keeps clients coming over UDP, TCP, TLS and"
                    + " DTLS: they call peers that echo, move to another port, vanish without a"
                    + " word, send broken packets or wrong passwords, or never read.",
            "",
            "Then lets everything run out, and fails unless descriptors, relay ports and tables"
                    + " are exactly where they began and the memory stayed flat.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  benchmarks/soak",
            "  benchmarks/soak --duration 2m --rate 60",
            "  HAIRPIN_JAVA_OPTS=-Xmx64m benchmarks/soak --duration 10m",
            "",
            "What comes of it is in the folder named at the end: table.md, plot.svg, raw.json, and"
                    + " the logs of the server and of its garbage collector."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything ended where it began",
            "1:something did not, or the run could not be made",
            "2:the command line is wrong"
        })
final class Soak implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final Duration LONGEST = Duration.ofDays(7);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--duration",
            defaultValue = "30m",
            paramLabel = "TIME",
            converter = Time.class,
            description = "how long clients keep coming, such as 90s, 30m or 8h (default: 30m)")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--rate",
            defaultValue = "15",
            paramLabel = "N",
            description = "clients that come in each second (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--clients",
            defaultValue = "1000",
            paramLabel = "N",
            description =
                    "the most there are at once; who comes beyond turns round at the door"
                            + " (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--stay",
            defaultValue = "20s",
            paramLabel = "TIME",
            converter = Time.class,
            description = "the longest that a client stays (default: 20s)")
    private Duration stay = Duration.ZERO;

    @Option(
            names = "--lifetime",
            defaultValue = "15s",
            paramLabel = "TIME",
            converter = Time.class,
            description =
                    "of allocations, permissions and channels that nobody refreshes, and of silent"
                            + " clients (default: 15s)")
    private Duration lifetime = Duration.ZERO;

    @Option(
            names = "--sample",
            defaultValue = "5s",
            paramLabel = "TIME",
            converter = Time.class,
            description = "how often memory and tables are looked at (default: 5s)")
    private Duration interval = Duration.ZERO;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "draws the same clients again, in the same order")
    private long seed = new SecureRandom().nextLong();

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "for what is written (default: benchmarks/target/soak-TIME)")
    private Path output =
            Path.of(
                    "benchmarks/target/soak-"
                            + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Soak());
        command.setExecutionExceptionHandler(
                (failure, line, _) -> {
                    if (failure instanceof SoakException) {
                        line.getErr().println("error: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        SoakPlan plan = plan();
        Path folder = Files.createDirectories(output.toAbsolutePath());
        PrintWriter out = spec.commandLine().getOut();
        out.println("writing to " + folder);
        Map<String, String> environment = Environment.machine();
        environment.put("command", command());
        environment.put("seed", Long.toString(seed));
        Path launcher = Path.of("hairpin").toAbsolutePath();
        SoakReport report = new SoakRun(plan, launcher, folder, environment, out::println).run();
        report.write(folder);
        out.print(report.summary());
        out.println("table: " + folder.resolve("table.md"));
        out.println("plot:  " + folder.resolve("plot.svg"));
        return report.passed() ? 0 : 1;
    }

    private SoakPlan plan() {
        try {
            return new SoakPlan(duration, rate, clients, stay, lifetime, interval, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private String command() {
        return Stream.concat(
                        Stream.of(spec.name()),
                        spec.commandLine().getParseResult().originalArgs().stream())
                .collect(Collectors.joining(" "));
    }

    /// Reads times as people write them: 90s, 30m, 8h.
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            Duration time = parse(value);
            if (!time.isPositive() || time.compareTo(LONGEST) > 0) {
                throw new TypeConversionException("'" + value + "' is not within 7 days");
            }
            return time;
        }

        private static Duration parse(String value) {
            try {
                return Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no length of time such as 90s, 30m or 8h");
            }
        }
    }
}
