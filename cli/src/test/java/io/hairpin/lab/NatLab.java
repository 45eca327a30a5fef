package io.hairpin.lab;

import org.jspecify.annotations.Nullable;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// The command behind `lab/run`, which builds what is needed and then runs this.
@Command(
        name = "lab/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds networks behind every kind of NAT and firewall, has two Chromiums call each"
                    + " other from behind each pair of them through Hairpin, and prints how their"
                    + " packets travelled: direct (between their own addresses), reflexive (between"
                    + " them, but by an address that a NAT gave one of them) or relayed. A call"
                    + " that takes another route than its NATs demand, or none, is an error.",
            "",
            "It needs root, Linux with network namespaces, and the programs that bin/interop-setup"
                    + " brings. Nothing outside its namespaces is touched."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every call was held, by the route that was expected",
            "1:one was not, or the lab could not be built",
            "2:the command line is wrong"
        })
final class NatLab implements Callable<Integer> {

    enum Format {
        TEXT,
        MARKDOWN,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--pairs",
            split = ",",
            paramLabel = "CALLER:CALLEE",
            description = "Which pairs of networks; all unless said.")
    private List<String> pairs = List.of();

    @Option(names = "--short", description = "The few pairs that every build tries.")
    private boolean shortForm;

    @Option(
            names = "--media",
            paramLabel = "SECONDS",
            description = "How long each call's media is counted; 2 unless said.")
    private int mediaSeconds = 2;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "What to print: ${COMPLETION-CANDIDATES}; text unless said.")
    private Format format = Format.TEXT;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Also write all three there, as matrix.txt, matrix.md and matrix.json.")
    private @Nullable Path output;

    @Spec private CommandSpec spec = CommandSpec.create();

    private NatLab() {}

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new NatLab());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        List<String> footer = new ArrayList<>(List.of("", "Networks:"));
        Arrays.stream(Kind.values())
                .map(kind -> "  %-20s  %s".formatted(kind, kind.description()))
                .forEach(footer::add);
        footer.addAll(
                List.of(
                        "",
                        "Examples:",
                        "  lab/run --short",
                        "      the pairs that every build tries, in about a minute",
                        "  lab/run --pairs symmetric:symmetric,full-cone:tcp-443",
                        "      these two",
                        "  lab/run --format markdown",
                        "      all pairs, in ten minutes or so, as docs/nat-lab.md has them"));
        command.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Pair> chosen = chosen();
        if (mediaSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--media is a second or more");
        }
        Path folder = Files.createTempDirectory("hairpin-lab-");
        Findings findings;
        try (Lab lab = Lab.open(folder)) {
            findings = run(lab, chosen);
            lab.assertServerUnharmed();
        } catch (AssertionError | RuntimeException e) {
            progress("error: " + e.getMessage());
            progress("what was written is in " + folder);
            return 1;
        }
        print(findings);
        if (!findings.areAsExpected()) {
            progress("error: not all is as expected; what was written is in " + folder);
            return 1;
        }
        delete(folder);
        return 0;
    }

    private List<Pair> chosen() {
        if (shortForm && !pairs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "either --short or --pairs");
        }
        if (shortForm) {
            return Pair.SHORT;
        }
        return pairs.isEmpty() ? Pair.all() : pairs.stream().map(this::parse).toList();
    }

    private Pair parse(String text) {
        List<Kind> kinds =
                Arrays.stream(text.split(":", -1))
                        .map(Kind::find)
                        .flatMap(Optional::stream)
                        .toList();
        if (kinds.size() != 2 || text.split(":", -1).length != 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is no CALLER:CALLEE of %s".formatted(text, Arrays.toString(Kind.values())));
        }
        return new Pair(kinds.getFirst(), kinds.getLast());
    }

    private Findings run(Lab lab, List<Pair> chosen) {
        List<Kind> kinds =
                chosen.stream()
                        .flatMap(pair -> Stream.of(pair.caller(), pair.callee()))
                        .filter(NatFinding::isPossible)
                        .distinct()
                        .sorted()
                        .toList();
        List<NatFinding> nats = new ArrayList<>();
        for (Kind kind : kinds) {
            NatFinding found = lab.find(kind);
            nats.add(found);
            progress(
                    "%s: mapping %s, filtering %s"
                            .formatted(kind, found.mapping(), found.filtering()));
        }
        List<Outcome> calls = new ArrayList<>();
        for (Pair pair : chosen) {
            Outcome outcome = lab.call(pair, Duration.ofSeconds(mediaSeconds));
            calls.add(outcome);
            String route =
                    outcome.held()
                            .map(
                                    held ->
                                            "%s after %d ms"
                                                    .formatted(held.route(), held.setUpMillis()))
                            .orElse("");
            progress(
                    "%d of %d, %s: %s %s"
                            .formatted(
                                    calls.size(),
                                    chosen.size(),
                                    pair,
                                    route,
                                    String.join("; ", outcome.problems())));
        }
        return new Findings(nats, calls);
    }

    private void print(Findings findings) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case TEXT -> findings.text();
                    case MARKDOWN -> findings.markdown();
                    case JSON -> findings.json();
                });
        out.flush();
        if (output != null) {
            Path folder = Files.createDirectories(output);
            Files.writeString(folder.resolve("matrix.txt"), findings.text());
            Files.writeString(folder.resolve("matrix.md"), findings.markdown());
            Files.writeString(folder.resolve("matrix.json"), findings.json());
        }
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line.stripTrailing());
        err.flush();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
