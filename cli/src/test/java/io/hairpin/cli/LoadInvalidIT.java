package io.hairpin.cli;

import static io.hairpin.cli.LoadCommandIT.number;
import static io.hairpin.cli.LoadCommandIT.parsed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.TurnServer;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// A server under messages that break the rules, many of them from senders with an account and an
/// allocation: it serves the others throughout, and nothing of it stays.
@Timeout(180)
class LoadInvalidIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FLOODS = 3;
    private static final int AT_LEAST_EACH = 5_000;

    /// Less than a hundred bytes for each message of the floods that are counted.
    private static final long HEAP_SLACK = 3 << 20;

    @TempDir private Path folder;

    private final Terminal terminal = Terminal.bare();
    private TurnServer server;

    @BeforeEach
    void serve() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("hairpin.yaml"),
                        """
                        realm: example.org
                        listeners:
                          - { transport: udp, address: 127.0.0.1, port: 0 }
                          - { transport: tcp, address: 127.0.0.1, port: 0 }
                        relay:
                          addresses: [ { bind: 127.0.0.1 }, { bind: "::1" } ]
                          threads: 2
                          tcp: true
                        authentication: { shared-secrets: [ north ] }
                        peers:
                          allow: [ 127.0.0.0/8, "::1/128" ]
                          tcp: { allow: [ 127.0.0.0/8 ] }
                        compatibility: { rfc3489: true }
                        tls: { self-signed: true }
                        admin: { port: 0 }
                        """);
        server =
                switch (ConfigurationLoader.load(file, Map.of())) {
                    case Loaded.Valid(var configuration) -> TurnServer.start(configuration);
                    case Loaded.Invalid(var problems) ->
                            throw new AssertionError(problems.toString());
                };
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp", "tls --insecure"})
    void theOthersAreServedThroughoutAndNothingOfItStays(String transport) throws Exception {
        flood(transport, 1);
        flood(transport, 2);
        awaitNoAllocations();
        long before = heapInUse();

        for (int seed = 3; seed < 3 + FLOODS; seed++) {
            flood(transport, seed);
        }

        awaitNoAllocations();
        assertThat(heapInUse()).isLessThan(before + HEAP_SLACK);
        assertThat(metric("hairpin_limit_used{limit=\"peer-connections\"}")).isZero();
        assertThat(metric("hairpin_limit_used{limit=\"dtls-sessions\"}")).isZero();
    }

    private void flood(String transport, int seed) {
        Transport of = transport.equals("udp") ? Transport.UDP : Transport.TCP;
        InetSocketAddress address = server.addresses(of).getFirst();
        String options =
                "--secret north --clients 10 --rate 40 --packets 800 --warm-up 0s"
                        + " --peer-address 127.0.0.4 --invalid 5000 --json - --seed "
                        + seed
                        + " --transport "
                        + transport;
        String[] arguments = ("load 127.0.0.1:" + address.getPort() + " " + options).split(" ", -1);

        Terminal.Printed printed = terminal.run(arguments);

        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.err()).contains("with --seed " + seed);
        Map<String, String> found = parsed(printed.out());
        assertThat(found)
                .containsEntry("failedClients", "0")
                .containsEntry("received", "800")
                .containsEntry("lost", "0")
                .containsEntry("foreign", "0");
        assertThat(number(found, "invalidSent")).isGreaterThan(AT_LEAST_EACH);
    }

    private void awaitNoAllocations() throws Exception {
        long start = System.nanoTime();
        while (metric("hairpin_allocations_active") > 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private double metric(String name) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    private static long heapInUse() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
