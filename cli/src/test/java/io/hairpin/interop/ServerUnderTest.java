package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The server the tests talk to: a process of its own, serving UDP and TCP on both loopback
/// addresses, and TLS and DTLS as well if it has a certificate.
public final class ServerUnderTest implements AutoCloseable {

    static final String USER = "alice";
    static final String PASSWORD = "correct-horse";
    static final String SHARED_SECRET = "north";

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration METRICS_DEADLINE = Duration.ofSeconds(10);

    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");

    /// A listener in what the server says when it serves: transport, address, port.
    private static final Pattern LISTENER =
            Pattern.compile("listening on (\\w+) \\[?(127\\.0\\.0\\.1|::1)]?:(\\d+)");

    private static final Pattern METRICS = Pattern.compile("http://\\S+/metrics");

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
        return start(folder, Map.of());
    }

    /// The same, with each packet on its own in a capture: bursts do not travel as one.
    static ServerUnderTest startWithoutOffload(Path folder) {
        return start(folder, Map.of("sockets.offload", "false"));
    }

    /// The same, with a certificate, and with tls and dtls listeners on a port of their own.
    ///
    /// @param settings more keys of the configuration, such as `tls.client-ca`
    static ServerUnderTest startSecure(
            Path folder, Authority.Issued certificate, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("tls.certificate", certificate.certificate().toString());
        all.putIfAbsent("tls.key", certificate.key().toString());
        return start(folder, List.of(), all, OptionalInt.of(Ports.free()));
    }

    /// The same without a certificate.
    static ServerUnderTest start(Path folder, Map<String, String> settings) {
        return start(folder, List.of(), settings, OptionalInt.empty());
    }

    /// The same, by a command that the server's own is given to as its last arguments.
    static ServerUnderTest startWithin(
            List<String> command, Path folder, Map<String, String> settings) {
        return start(folder, command, settings, OptionalInt.empty());
    }

    private static ServerUnderTest start(
            Path folder,
            List<String> within,
            Map<String, String> settings,
            OptionalInt securePort) {
        Map<String, Integer> plain = new LinkedHashMap<>();
        Map<String, Integer> secure = new LinkedHashMap<>();
        for (String address : ADDRESSES) {
            List.of("udp", "tcp").forEach(each -> plain.put(each + " " + address, 0));
            securePort.ifPresent(
                    port ->
                            List.of("dtls", "tls")
                                    .forEach(each -> secure.put(each + " " + address, port)));
        }
        Path configuration = folder.resolve("hairpin.yaml");
        String text =
                """
                realm: example.org
                listeners:
                %srelay:
                  addresses: [ { bind: 127.0.0.1 }, { bind: "::1" } ]
                  ports: 10000-19999 # none of which the clients are given by the system
                authentication:
                  users: { %s: %s }
                  shared-secrets: [ %s ]
                peers:
                  allow: [ 127.0.0.0/8, "::1/128" ]
                limits:
                  allocations-per-user: 5000
                  reservations-per-user: 1000
                compatibility:
                  rfc5766-channels: true
                admin: { address: 127.0.0.1, port: 0 }
                """
                        .formatted(
                                listeners(plain) + listeners(secure),
                                USER,
                                PASSWORD,
                                SHARED_SECRET);
        try {
            Files.writeString(configuration, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path launcher = Path.of("..", "hairpin").toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(within);
        command.addAll(List.of(launcher.toString(), "serve", "-c", configuration.toString()));
        Program program = Program.start(command, environment(settings));
        Map<String, Integer> ports = awaitPorts(program, plain.size(), secure);
        ports.putAll(secure);
        return new ServerUnderTest(program, ports);
    }

    private static String listeners(Map<String, Integer> ports) {
        StringBuilder yaml = new StringBuilder();
        ports.forEach(
                (listener, port) -> {
                    String[] words = listener.split(" ", -1);
                    yaml.append(
                            "  - { transport: %s, address: \"%s\", port: %d }%n"
                                    .formatted(words[0], words[1], port));
                });
        return yaml.toString();
    }

    private static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach(
                (key, value) ->
                        environment.put(
                                "HAIRPIN_"
                                        + key.toUpperCase(Locale.ROOT)
                                                .replace('.', '_')
                                                .replace('-', '_'),
                                value));
        environment.put("HAIRPIN_BUILD", "never");
        environment.put("HAIRPIN_JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    /// The port of a listener on a loopback address: `udp`, `tcp`, or with a certificate `dtls` or
    /// `tls`.
    int port(String transport, String address) {
        return Optional.ofNullable(ports.get(transport + " " + address)).orElseThrow();
    }

    /// Those of the listeners of that transport.
    List<Integer> ports(String transport) {
        return ADDRESSES.stream().map(address -> port(transport, address)).distinct().toList();
    }

    /// Fails unless the server still runs and has nothing to complain about.
    void assertUnharmed() {
        assertUnharmed(program);
    }

    /// The same of a server that somebody else has started.
    public static void assertUnharmed(Program program) {
        String output = program.output();
        assertThat(program.isRunning()).as("the server runs; its output:\n%s", output).isTrue();
        assertThat(output.lines().filter(line -> ALARM.matcher(line).find()).limit(10))
                .as("alarms in the server's output")
                .isEmpty();
    }

    /// Waits until the server has logged something.
    void awaitLog(String text, Duration deadline) {
        program.awaitOutput(text, deadline);
    }

    long pid() {
        return program.pid();
    }

    /// The sum over all listeners of a metric, such as `hairpin_allocations_active`.
    ///
    /// @param labels what each of its series must have, such as `transport="tls"`
    double metric(String name, String... labels) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private String scrape() {
        Matcher metrics = METRICS.matcher(program.output());
        assertThat(metrics.find()).isTrue();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(metrics.group()))
                            .timeout(METRICS_DEADLINE)
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the metrics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the metrics", e);
        }
    }

    @Override
    public void close() {
        program.close();
    }

    /// The ports the server took, which it says once all are open.
    private static Map<String, Integer> awaitPorts(
            Program program, int plain, Map<String, Integer> secure) {
        return program.awaitOutput(
                "where it listens",
                output -> {
                    Map<String, Integer> ports = new HashMap<>();
                    int known = 0;
                    Matcher listeners = LISTENER.matcher(output);
                    while (listeners.find()) {
                        Integer port = Integer.valueOf(listeners.group(3));
                        if (secure.containsValue(port)) {
                            known++;
                        } else {
                            ports.put(listeners.group(1) + " " + listeners.group(2), port);
                        }
                    }
                    boolean all = ports.size() == plain && known >= secure.size();
                    return all ? Optional.of(ports) : Optional.empty();
                },
                START_DEADLINE);
    }
}
