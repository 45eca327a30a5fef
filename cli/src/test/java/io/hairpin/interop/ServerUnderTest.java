package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server the tests talk to: a process of its own, serving UDP and TCP on both loopback
/// addresses.
final class ServerUnderTest implements AutoCloseable {

    static final String USER = "alice";
    static final String PASSWORD = "correct-horse";
    static final String SHARED_SECRET = "north";

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    /// A listener in what the server says when it serves: transport, address, port.
    private static final Pattern LISTENER =
            Pattern.compile("(udp|tcp) \\[?(127\\.0\\.0\\.1|::1)]?:(\\d+)");

    /// What nothing that comes from the network may make the server say.
    private static final Pattern ALARM =
            Pattern.compile("\\b(ERROR|WARN)\\b|\\w(Exception|Error)\\b");

    private final Program program;
    private final Map<String, Integer> ports;

    private ServerUnderTest(Program program, Map<String, Integer> ports) {
        this.program = program;
        this.ports = ports;
    }

    /// Starts the server with its files in a folder, and returns once it serves.
    static ServerUnderTest start(Path folder) {
        return start(folder, true, "");
    }

    /// The same, with a certificate that nobody vouches for: TLS and DTLS are served as well.
    static ServerUnderTest startWithCertificate(Path folder) {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        Program.Finished made =
                Program.run(
                        List.of(
                                Tool.OPENSSL.path(),
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-noenc",
                                "-subj",
                                "/CN=localhost",
                                "-days",
                                "90",
                                "-out",
                                certificate.toString(),
                                "-keyout",
                                key.toString()),
                        START_DEADLINE);
        assertThat(made.exitCode()).as(made.output()).isZero();
        return start(
                folder, true, "tls: { certificate: %s, key: %s }%n".formatted(certificate, key));
    }

    /// The same, with each packet on its own in a capture: bursts do not travel as one.
    static ServerUnderTest startWithoutOffload(Path folder) {
        return start(folder, false, "");
    }

    private static ServerUnderTest start(Path folder, boolean offload, String more) {
        Path configuration = folder.resolve("hairpin.yaml");
        String text =
                """
                realm: example.org
                listeners:
                  - { transport: udp, address: 127.0.0.1, port: 0 }
                  - { transport: tcp, address: 127.0.0.1, port: 0 }
                  - { transport: udp, address: "::1", port: 0 }
                  - { transport: tcp, address: "::1", port: 0 }
                relay:
                  addresses: [ { bind: 127.0.0.1 }, { bind: "::1" } ]
                  ports: 10000-19999 # none of which the clients are given by the system
                sockets:
                  offload: %s
                authentication:
                  users: { %s: %s }
                  shared-secrets: [ %s ]
                peers:
                  allow: [ 127.0.0.0/8, "::1/128" ]
                limits:
                  allocations-per-user: 5000
                compatibility:
                  rfc5766-channels: true
                admin: { address: 127.0.0.1, port: 0 }
                """
                        .formatted(offload, USER, PASSWORD, SHARED_SECRET);
        try {
            Files.writeString(configuration, text + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path launcher = Path.of("..", "hairpin").toAbsolutePath().normalize();
        Program program =
                Program.start(
                        List.of(launcher.toString(), "serve", "-c", configuration.toString()),
                        Map.of(
                                "HAIRPIN_BUILD",
                                "never",
                                "HAIRPIN_JAVA_HOME",
                                System.getProperty("java.home")));
        return new ServerUnderTest(program, awaitPorts(program));
    }

    /// The port of a transport, `udp` or `tcp`, on a loopback address.
    int port(String transport, String address) {
        return Optional.ofNullable(ports.get(transport + " " + address)).orElseThrow();
    }

    List<Integer> ports() {
        return ports.values().stream().distinct().toList();
    }

    /// Fails unless the server still runs and has nothing to complain about.
    void assertUnharmed() {
        String output = program.output();
        assertThat(program.isRunning()).as("the server runs; its output:\n%s", output).isTrue();
        assertThat(output.lines().filter(line -> ALARM.matcher(line).find()).limit(10))
                .as("alarms in the server's output")
                .isEmpty();
    }

    @Override
    public void close() {
        program.close();
    }

    /// The ports the server took, which it says once all are open.
    private static Map<String, Integer> awaitPorts(Program program) {
        return program.awaitOutput(
                "where it listens",
                output -> {
                    Map<String, Integer> ports = new HashMap<>();
                    Matcher listeners = LISTENER.matcher(output);
                    while (listeners.find()) {
                        ports.put(
                                listeners.group(1) + " " + listeners.group(2),
                                Integer.valueOf(listeners.group(3)));
                    }
                    return ports.size() == 4 ? Optional.of(ports) : Optional.empty();
                },
                START_DEADLINE);
    }
}
