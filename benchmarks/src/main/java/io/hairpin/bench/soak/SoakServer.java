package io.hairpin.bench.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server under soak: `./hairpin serve` in a process of its own, ended when this is closed.
///
/// @param udp where it serves UDP and DTLS
/// @param tcp where it serves TCP and TLS
record SoakServer(
        Process process,
        Path log,
        Path gcLog,
        InetSocketAddress udp,
        InetSocketAddress tcp,
        URI metrics)
        implements AutoCloseable {

    static final String USER = "soak";
    static final String PASSWORD = "rain-all-day";
    static final String REALM = "soak.example";

    private static final String JAVA_OPTIONS = "HAIRPIN_JAVA_OPTS";
    private static final String ADDRESS = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int LINES_SHOWN = 15;

    /// Below the ports that the kernel hands out by itself.
    private static final String RELAY_PORTS = "10000-19999";

    private static final Pattern METRICS = Pattern.compile("http://\\S+/metrics");

    /// What nothing that comes from the network may make the server say.
    private static final Pattern ALARM =
            Pattern.compile("\\b(ERROR|WARN)\\b|\\w(Exception|Error)\\b");

    /// Starts the server with its files in a folder, and returns once it serves.
    static SoakServer start(Path launcher, Path folder, SoakPlan plan) {
        Path log = folder.resolve("server.log");
        Path gcLog = folder.resolve("gc.log");
        try {
            Path configuration = folder.resolve("hairpin.yaml");
            Files.writeString(configuration, configuration(plan));
            ProcessBuilder builder =
                    new ProcessBuilder(launcher.toString(), "serve", "-c", configuration.toString())
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            Map<String, String> environment = builder.environment();
            environment
                    .keySet()
                    .removeIf(name -> name.startsWith("HAIRPIN_") && !name.equals(JAVA_OPTIONS));
            environment.put("HAIRPIN_BUILD", "never");
            environment.put("HAIRPIN_JAVA_HOME", System.getProperty("java.home"));
            environment.merge(
                    JAVA_OPTIONS,
                    "-Xlog:gc:file=" + gcLog.getFileName(),
                    (given, ours) -> given + " " + ours);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end"));
            return awaitStart(process, log, gcLog);
        } catch (IOException e) {
            throw new SoakException("cannot start the server: " + e.getMessage(), e);
        }
    }

    private static String configuration(SoakPlan plan) {
        long seconds = plan.lifetime().toSeconds();
        return """
        realm: %s
        listeners:
          - { transport: udp, address: %s, port: 0 }
          - { transport: tcp, address: %2$s, port: 0 }
        tls: { self-signed: true }
        relay:
          addresses: [ { bind: %2$s } ]
          ports: %s
          tcp: true
          mobility: true
        authentication:
          users: { %s: %s }
        peers:
          allow: [ 127.0.0.0/8 ]
          tcp: { allow: [ 127.0.0.0/8 ] }
        limits:
          allocations-per-user: 10000
          default-lifetime: %ds
          max-lifetime: %ds
          permission-lifetime: %7$ds
          channel-lifetime: %7$ds
          tcp-idle-timeout: %7$ds
          dtls-idle-timeout: %7$ds
        admin: { address: %2$s, port: 0 }
        log: { level: warn }
        """
                .formatted(REALM, ADDRESS, RELAY_PORTS, USER, PASSWORD, seconds, 2 * seconds);
    }

    private static SoakServer awaitStart(Process process, Path log, Path gcLog) throws IOException {
        long start = System.nanoTime();
        while (true) {
            String said = Files.readString(log);
            Optional<InetSocketAddress> udp = listener("udp", said);
            Optional<InetSocketAddress> tcp = listener("tcp", said);
            Matcher metrics = METRICS.matcher(said);
            if (udp.isPresent() && tcp.isPresent() && metrics.find()) {
                URI page = URI.create(metrics.group());
                return new SoakServer(process, log, gcLog, udp.get(), tcp.get(), page);
            }
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                process.destroy();
                throw new SoakException("the server did not start; it printed:\n" + tail(said));
            }
            Pause.of(LOOK);
        }
    }

    private static Optional<InetSocketAddress> listener(String transport, String said) {
        return Pattern.compile("listening on " + transport + " ([0-9.]+):([0-9]+)")
                .matcher(said)
                .results()
                .findFirst()
                .map(
                        found ->
                                new InetSocketAddress(
                                        InetAddress.ofLiteral(found.group(1)),
                                        Integer.parseInt(found.group(2))));
    }

    long pid() {
        return process.pid();
    }

    /// Fails if the server has ended by itself.
    void checkAlive() {
        if (!process.isAlive()) {
            throw new SoakException(
                    "the server ended with "
                            + process.exitValue()
                            + "; it printed:\n"
                            + tail(said()));
        }
    }

    /// Has the server collect all its garbage.
    void collectGarbage() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process command =
                    new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "GC.run")
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (command.waitFor() != 0) {
                throw new SoakException("jcmd cannot reach the server: " + said);
            }
        } catch (IOException e) {
            throw new SoakException("cannot run " + jcmd, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SoakException("interrupted", e);
        }
    }

    /// The first things that the server complained of.
    List<String> alarms() {
        return said().lines()
                .filter(line -> ALARM.matcher(line).find())
                .limit(LINES_SHOWN)
                .toList();
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new SoakException("cannot read " + log, e);
        }
    }

    private static String tail(String said) {
        List<String> lines = said.lines().toList();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
