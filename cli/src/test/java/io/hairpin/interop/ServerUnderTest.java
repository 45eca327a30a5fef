package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The server the tests talk to, in a process of its own: UDP and TCP on one port of both loopback
// addresses.
///
/// With `-Dinterop.server=coturn` it is coturn's `turnserver` instead: whether a scenario passes
// there tells whether
/// a failure is ours or the test's.
final class ServerUnderTest implements AutoCloseable {

    static final String USER = "alice";
    static final String PASSWORD = "correct-horse";
    static final String SHARED_SECRET = "north";

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    /// What no remote party may cause.
    private static final Pattern ALARM =
            Pattern.compile("\\b(ERROR|WARN)\\b|\\w(Exception|Error)\\b");

    private final Program program;
    private final int port;
    private final boolean hairpin;

    private ServerUnderTest(Program program, int port, boolean hairpin) {
        this.program = program;
        this.port = port;
        this.hairpin = hairpin;
    }

    /// Starts the server with its files in a folder, and returns once it serves.
    static ServerUnderTest start(Path folder) {
        int port = Ports.free();
        boolean hairpin = !"coturn".equals(System.getProperty("interop.server"));
        ServerUnderTest server =
                new ServerUnderTest(
                        hairpin ? hairpin(port, folder) : coturn(port, folder), port, hairpin);
        try {
            server.awaitServing();
            return server;
        } catch (AssertionError e) {
            server.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /// Fails unless the server still runs and has nothing to complain about.
    void assertUnharmed() {
        assertThat(program.isRunning())
                .as("the server runs; its output:\n%s", program.output())
                .isTrue();
        if (hairpin) {
            assertThat(program.output().lines().filter(line -> ALARM.matcher(line).find()))
                    .as("alarms in the server's log")
                    .isEmpty();
        }
    }

    String output() {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }

    private static Program hairpin(int port, Path folder) {
        Path configuration = folder.resolve("hairpin.yaml");
        String text =
                """
                realm: example.org
                listeners:
                  - { transport: udp, address: 127.0.0.1, port: %1$d }
                  - { transport: tcp, address: 127.0.0.1, port: %1$d }
                  - { transport: udp, address: "::1", port: %1$d }
                  - { transport: tcp, address: "::1", port: %1$d }
                relay:
                  addresses: [ { bind: 127.0.0.1 }, { bind: "::1" } ]
                authentication:
                  users: { %2$s: %3$s }
                  shared-secrets: [ %4$s ]
                peers:
                  allow: [ 127.0.0.0/8, "::1/128" ]
                limits:
                  allocations-per-user: 10000
                compatibility:
                  rfc5766-channels: true
                admin: { address: 127.0.0.1, port: %5$d }
                """
                        .formatted(port, USER, PASSWORD, SHARED_SECRET, port + 1);
        try {
            Files.writeString(configuration, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path launcher = Path.of("..", "hairpin").toAbsolutePath().normalize();
        return Program.start(
                List.of(launcher.toString(), "serve", "-c", configuration.toString()),
                Map.of(
                        "HAIRPIN_BUILD",
                        "never",
                        "HAIRPIN_JAVA_HOME",
                        System.getProperty("java.home")));
    }

    private static Program coturn(int port, Path folder) {
        return Program.start(
                ("turnserver -n -L 127.0.0.1 -L ::1 -E 127.0.0.1 -E ::1 --allow-loopback-peers -a"
                     + " -r example.org --no-tls --no-dtls --no-cli --relay-threads 1 --no-rfc5780"
                     + " --log-file stdout -p %d -u %s:%s --db %s --pidfile %s")
                        .formatted(
                                port,
                                USER,
                                PASSWORD,
                                folder.resolve("turndb"),
                                folder.resolve("pid"))
                        .transform(command -> List.of(command.split(" "))));
    }

    private void awaitServing() {
        String serving = hairpin ? "serving" : "TCP listener opened on : ::1:" + port;
        program.await(
                serving,
                output -> output.contains(serving) ? Optional.of(serving) : Optional.empty(),
                START_DEADLINE);
    }
}
