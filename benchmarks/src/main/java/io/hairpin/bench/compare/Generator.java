package io.hairpin.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Runs `hairpin load` and reads its report.
final class Generator {
    /// Beyond the time it was told to take; a generator that hangs must not hang the comparison.
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Bench bench;
    private final Duration warmUp;
    private final Duration duration;

    Generator(Bench bench, Duration warmUp, Duration duration) {
        this.bench = bench;
        this.warmUp = warmUp;
        this.duration = duration;
    }

    /// Drives one shape through a server, told more than the shape says if need be. Fails if a
    /// client could not be set up.
    Report drive(RunningServer server, Shape shape, String... more) {
        Path json = bench.output().resolve("load.json");
        Path log = bench.output().resolve("load.log");
        List<String> command = new ArrayList<>(bench.generator());
        command.add(Bench.ADDRESS + ":" + server.address().getPort());
        command.addAll(List.of("--user", Bench.USER, "--password", Bench.PASSWORD));
        command.addAll(shape.arguments());
        command.addAll(List.of(more));
        if (shape.isDatagrams()) {
            command.addAll(List.of("--client-network", Bench.CLIENTS));
        }
        if (shape.isTraffic()) {
            command.addAll(List.of("--warm-up", warmUp.toMillis() + "ms"));
            command.addAll(List.of("--duration", duration.toMillis() + "ms"));
        }
        command.addAll(List.of("--server-pid", Long.toString(server.pid())));
        command.addAll(List.of("--json", json.toString(), "--quiet"));
        try {
            Files.deleteIfExists(json);
            run(command, log);
            Report report = new Report(Json.leaves(Files.readString(json)));
            if (report.number("failedClients") > 0) {
                throw new CompareException(
                        "%.0f of the clients failed: %s"
                                .formatted(report.number("failedClients"), report.failures()));
            }
            if (shape.isSecured()) {
                report.checkHandshakes();
            }
            return report;
        } catch (IOException e) {
            throw new CompareException(
                    "the generator wrote no report" + RunningServer.tail(log), e);
        }
    }

    private void run(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(bench.output().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("HAIRPIN_BUILD", "never");
        Process process = builder.start();
        try {
            Duration patience = warmUp.plus(duration).plus(GRACE);
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new CompareException("the generator hangs" + RunningServer.tail(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new CompareException(
                    "the generator failed: " + String.join(" ", command) + RunningServer.tail(log));
        }
    }

    /// What the generator reported, by the paths of its JSON.
    record Report(Map<String, String> leaves) {
        private static final String HANDSHAKES = "handshakes.";
        private static final Pattern NUMBER = Pattern.compile("-?[0-9]+([.][0-9]+)?(E-?[0-9]+)?");

        double number(String path) {
            String value = leaves.get(path);
            if (value == null) {
                throw new CompareException("the generator's report lacks " + path);
            }
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw new CompareException(path + " is no number: " + value, e);
            }
        }

        /// All that is a number, for raw.json.
        Map<String, Double> numbers() {
            Map<String, Double> numbers = new HashMap<>();
            leaves.forEach(
                    (path, value) -> {
                        if (NUMBER.matcher(value).matches()) {
                            numbers.put(path, Double.parseDouble(value));
                        }
                    });
            return numbers;
        }

        /// Fails unless all handshakes came to what is compared.
        void checkHandshakes() {
            List<String> suites =
                    leaves.keySet().stream()
                            .filter(path -> path.startsWith(HANDSHAKES))
                            .map(path -> path.substring(HANDSHAKES.length()))
                            .toList();
            if (suites.size() != 1 || !Bench.HANDSHAKES.contains(suites.getFirst())) {
                throw new CompareException(
                        "handshakes were to come to one of %s and came to %s"
                                .formatted(Bench.HANDSHAKES, suites));
            }
        }

        /// What went wrong and how often.
        String failures() {
            return leaves.entrySet().stream()
                    .filter(leaf -> leaf.getKey().startsWith("failures."))
                    .map(leaf -> leaf.getValue() + " × " + leaf.getKey().substring(9))
                    .collect(Collectors.joining(", "));
        }

        String bottleneck() {
            return leaves.getOrDefault("bottleneck", "");
        }
    }
}
