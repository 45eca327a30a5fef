package io.hairpin.bench.compare;

import io.hairpin.bench.report.Environment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a comparison needs of the machine. What is missing is said all at once, with how to get it.
record Prerequisites(String coturn) {
    private static final int FEWEST_CPUS = 2;

    static Prerequisites check(List<ServerKind> servers, List<Shape> shapes) throws IOException {
        List<String> missing = new ArrayList<>();
        String coturn = Optional.ofNullable(System.getenv("COTURN")).orElse("turnserver");
        if (servers.contains(ServerKind.COTURN) && find(coturn).isEmpty()) {
            missing.add(
                    "coturn (%s): apt install coturn, or set COTURN to a turnserver"
                            .formatted(coturn));
        }
        boolean limit =
                servers.contains(ServerKind.LIMIT) || servers.contains(ServerKind.LIMIT_SINGLE);
        if (limit && find("cc").isEmpty()) {
            missing.add("a C compiler (cc): apt install gcc libc6-dev");
        }
        if (shapes.stream().anyMatch(Shape::isSecured) && find("openssl").isEmpty()) {
            missing.add("openssl, for a certificate: apt install openssl");
        }
        if (find("taskset").isEmpty()) {
            missing.add("taskset: apt install util-linux");
        }
        if (Environment.cpus() < FEWEST_CPUS) {
            missing.add("a second CPU: server and generator need one each");
        }
        if (!missing.isEmpty()) {
            throw new CompareException(
                    "the comparison needs\n  %s\nor choose with --servers what to compare (%s)"
                            .formatted(String.join("\n  ", missing), ServerKind.labels()));
        }
        return new Prerequisites(coturn);
    }

    /// Compiles all C files of a folder into one program.
    void compile(Path sources, Path program) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o"));
        command.add(program.toString());
        try (Stream<Path> files = Files.list(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".c")).forEach(command::add);
        }
        run(command);
    }

    /// Makes a P-256 certificate for the servers' TLS and DTLS, and its key.
    void makeCertificate(Path folder) throws IOException {
        String words =
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30"
                        + " -subj /CN=bench -addext subjectAltName=IP:"
                        + Bench.ADDRESS;
        List<String> command = new ArrayList<>(List.of(words.split(" ", -1)));
        command.addAll(List.of("-out", certificateIn(folder).toString()));
        command.addAll(List.of("-keyout", keyIn(folder).toString()));
        run(command);
    }

    static Path certificateIn(Path folder) {
        return folder.resolve("certificate.pem");
    }

    static Path keyIn(Path folder) {
        return folder.resolve("key.pem");
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            String said = String.join("\n", output.lines().toList());
            if (process.waitFor() != 0) {
                throw new CompareException(String.join(" ", command) + "\n" + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareException("interrupted", e);
        }
    }

    /// Where a program is that is named by a path or to be found on the PATH.
    static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        Stream<Path> places =
                program.contains("/")
                        ? Stream.of(Path.of(program))
                        : Stream.of(path.split(File.pathSeparator, -1))
                                .filter(folder -> !folder.isEmpty())
                                .map(folder -> Path.of(folder, program));
        return places.filter(Files::isExecutable).findFirst();
    }
}
