package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.TurnServer;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs `hairpin load` against a server in this process, with few packets.
@Timeout(120)
class LoadCommandIT {

    private static final int QUOTA = 8;

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
                          - { transport: udp, address: "::1", port: 0 }
                        relay:
                          addresses: [ { bind: 127.0.0.1 }, { bind: "::1" } ]
                          threads: 1
                        authentication:
                          shared-secrets: [ north ]
                          users: { alice: correct-horse }
                        peers: { allow: [ 127.0.0.0/8, "::1/128" ] }
                        limits: { allocations-per-user: %d }
                        tls: { self-signed: true }
                        admin: { port: 0 }
                        """
                                .formatted(QUOTA));
        if (ConfigurationLoader.load(file, Map.of()) instanceof Loaded.Valid(var configuration)) {
            server = TurnServer.start(configuration);
        } else {
            throw new AssertionError("the configuration is wrong");
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate 500",
                "--rate 500 --indications",
                "--rate 500 --size 25 --indications",
                "--rate 500 --burst 10",
                "--rate 500 --burst 10 --gso",
                "--saturate",
                "--saturate --window 20 --burst 10 --gso",
                "--rate 500 --threads 2 --peers 3 --peer-address 127.0.0.3",
                "--rate 500 --client-network 127.1.0.0/16",
                "--saturate --client-network 127.1.0.0/16 --threads 2",
                "--rate 500 --client-address 127.0.0.2 --peer-address 127.0.0.3",
            })
    void everyPacketComesBack(String options) {
        assertAllRelayed(load(udp(), options + " --clients 10 --packets 400"), 800);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate 500", "--rate 500 --size 25 --indications", "--saturate"})
    void everyPacketComesBackOverTcp(String options) {
        InetSocketAddress tcp = server.addresses(Transport.TCP).getFirst();

        assertAllRelayed(load(tcp, options + " --transport tcp --clients 10 --packets 400"), 800);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate 500", "--saturate --window 4", "--rate 500 --indications"})
    void everyPacketComesBackOverTls(String options) {
        InetSocketAddress tcp = server.addresses(Transport.TCP).getFirst();

        Map<String, String> found =
                load(tcp, options + " --transport tls --insecure --clients 10 --packets 400");

        assertAllRelayed(found, 800);
        assertThat(found).containsEntry("handshakes.TLSv1.3 TLS_AES_128_GCM_SHA256", "10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate 500",
                "--saturate --window 4",
                "--saturate --client-network 127.1.0.0/16 --threads 2"
            })
    void everyPacketComesBackOverDtls(String options) {
        Map<String, String> found =
                load(udp(), options + " --transport dtls --insecure --clients 10 --packets 400");

        assertAllRelayed(found, 800);
        assertThat(found).containsEntry("handshakes.DTLSv1.2", "10");
    }

    @Test
    void aCertificateThatIsNotBelievedIsAFailure() {
        InetSocketAddress tcp = server.addresses(Transport.TCP).getFirst();

        Terminal.Printed tls = print(tcp, "--transport tls --clients 2");
        Terminal.Printed dtls = print(udp(), "--transport dtls --clients 2");

        assertThat(tls.code()).isEqualTo(1);
        assertThat(tls.err()).contains("2: no TLS: ");
        assertThat(dtls.code()).isEqualTo(1);
        assertThat(dtls.err()).contains("2: no DTLS: not trusted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls", "dtls", "dtls_cookie"})
    void halfOpenConnectionsHarmNobody(String kind) {
        InetSocketAddress tcp = server.addresses(Transport.TCP).getFirst();
        InetSocketAddress to = kind.startsWith("dtls") ? udp() : tcp;
        String transport = kind.startsWith("dtls") ? "udp" : "tcp";

        Map<String, String> found =
                load(
                        to,
                        "--rate 200 --clients 10 --packets 400 --half-open %s=50 --transport %s"
                                .formatted(kind, transport));

        assertAllRelayed(found, 800);
        assertThat(number(found, "halfOpen.begun")).isPositive();
        assertThat(number(found, "halfOpen.refused")).isZero();
    }

    @Test
    void everyPacketComesBackOverIpv6() {
        InetSocketAddress udp =
                server.addresses(Transport.UDP).stream()
                        .filter(address -> address.getAddress() instanceof Inet6Address)
                        .findFirst()
                        .orElseThrow();

        assertAllRelayed(load(udp, "--rate 500 --clients 10 --packets 400"), 800);
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "down", "up --indications", "down --indications"})
    void oneWayEachPacketIsRelayedOnce(String direction) {
        assertAllRelayed(
                load(udp(), "--rate 500 --clients 10 --packets 400 --direction " + direction), 400);
    }

    @Test
    void aRunEndsWhenItsTimeIsOver() {
        Map<String, String> found =
                load(udp(), "--rate 200 --clients 2 --warm-up 50ms --duration 200ms");

        assertThat(number(found, "seconds")).isBetween(0.2, 20.0);
        assertThat(number(found, "sent")).isPositive();
        assertThat(number(found, "lost")).isZero();
        assertThat(found.get("bottleneck")).isIn("rate", "generator");
    }

    @Test
    void aFloodOfBrokenPacketsHarmsNobody() {
        Map<String, String> found =
                load(udp(), "--rate 200 --clients 10 --packets 400 --invalid 5000 --seed 7");

        assertAllRelayed(found, 800);
        assertThat(number(found, "invalidSent")).isPositive();
    }

    @Test
    void allocationsAreMadeAndGivenBack() {
        String options = "--user alice --password correct-horse --allocate-only --clients ";

        for (int rounds = 1; rounds <= 3; rounds += 2) {
            Map<String, String> found = run(udp(), options + QUOTA + " --rounds " + rounds);
            assertThat(found).containsEntry("clients", "" + QUOTA).containsEntry("sent", "0");
            assertThat(number(found, "setUpsPerSecond")).isPositive();
            assertThat(number(found, "setUpMicros.p50")).isPositive();
        }
    }

    @Test
    void clientsThatAreRefusedAreCountedByReason() {
        String clients = " --clients " + (QUOTA + 3);

        Map<String, String> found =
                run(
                        udp(),
                        "--user alice --password correct-horse --allocate-only --hold 1ms"
                                + clients);

        assertThat(found)
                .containsEntry("clients", "" + QUOTA)
                .containsEntry("failedClients", "3")
                .containsEntry("failures.ALLOCATE refused: 486 Allocation Quota Reached", "3");
    }

    @Test
    void abandonedAllocationsStay() {
        String options = "--user alice --password correct-horse --allocate-only --clients ";
        run(udp(), options + QUOTA + " --abandon");

        Terminal.Printed printed = print(udp(), options + "1");

        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.err()).contains("486 Allocation Quota Reached");
    }

    @Test
    void aServerThatRefusesEverybodyIsAFailure() {
        Terminal.Printed unknown = print(udp(), "--clients 2");
        Terminal.Printed mistaken = print(udp(), "--clients 2 --user alice --password wrong");

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("error: no client could be set up")
                .contains("2: the server wants credentials, and there are none");
        assertThat(mistaken.code()).isEqualTo(1);
        assertThat(mistaken.err()).contains("2: ALLOCATE refused: 401");
    }

    @Test
    void aPortWhereNobodyListensIsAFailure() {
        InetSocketAddress tcp = server.addresses(Transport.TCP).getFirst();
        server.close();

        Terminal.Printed printed = print(tcp, "--transport tcp --clients 2");

        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.err()).contains("2: no connection");
    }

    @Test
    void theServersProcessIsMeasured() {
        long pid = ProcessHandle.current().pid();

        Map<String, String> found =
                load(udp(), "--saturate --clients 4 --packets 400 --server-pid " + pid);

        assertThat(number(found, "serverCpuNanosPerPacket")).isPositive();
        assertThat(number(found, "serverCpuPercent")).isPositive();
        assertThat(number(found, "serverRssBeforeBytes")).isGreaterThan(1e6);
        assertThat(number(found, "serverRssAfterBytes")).isGreaterThan(1e6);
        assertThat(number(found, "generatorCpuPercent")).isPositive();
        assertThat(found.get("bottleneck")).isIn("server", "generator");
    }

    @Test
    void aServerThatIsGoneIsSaidSo() {
        Terminal.Printed printed = print(udp(), "--clients 2 --server-pid 999999999");

        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.err()).startsWith("error: the server's process 999999999");
    }

    @Test
    void theSummaryIsForPeopleAndTheFileForPrograms() throws IOException {
        Path file = folder.resolve("found.json");

        Terminal.Printed printed =
                print(
                        udp(),
                        "--secret north --rate 500 --clients 10 --packets 100 --warm-up 0s"
                                + " --json "
                                + file);

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .contains("10 of 10 set up")
                .contains("received 100, lost 0")
                .containsPattern("round trip +p50")
                .containsPattern("limit +");
        assertThat(parsed(Files.readString(file))).containsEntry("received", "100");
    }

    private InetSocketAddress udp() {
        return server.addresses(Transport.UDP).getFirst();
    }

    private static void assertAllRelayed(Map<String, String> found, int relayed) {
        assertThat(found)
                .containsEntry("clients", "10")
                .containsEntry("failedClients", "0")
                .containsEntry("sent", "400")
                .containsEntry("received", "400")
                .containsEntry("lost", "0")
                .containsEntry("duplicates", "0")
                .containsEntry("foreign", "0")
                .containsEntry("relayedPackets", "" + relayed);
        assertThat(number(found, "latencyMicros.p50")).isPositive();
        assertThat(number(found, "latencyMicros.max"))
                .isGreaterThanOrEqualTo(number(found, "latencyMicros.p50"));
        assertThat(number(found, "packetsPerSecond")).isPositive();
        assertThat(number(found, "setUpsPerSecond")).isPositive();
    }

    /// Runs with made-up users and no warm-up. Peers are on an address that the server is not on:
    /// on the same, one might get the number of a port the server listens on, and be refused.
    private Map<String, String> load(InetSocketAddress server, String options) {
        String warmUp = options.contains("--warm-up") ? "" : " --warm-up 0s";
        boolean free = options.contains("--peer") || !(server.getAddress() instanceof Inet4Address);
        String peers = free ? "" : " --peer-address 127.0.0.4";
        return run(server, "--secret north " + options + warmUp + peers);
    }

    private Map<String, String> run(InetSocketAddress server, String options) {
        Terminal.Printed printed = print(server, options + " --json -");
        assertThat(printed.code()).as(printed.err()).isZero();
        return parsed(printed.out());
    }

    private Terminal.Printed print(InetSocketAddress server, String options) {
        String host = server.getAddress().getHostAddress();
        String authority = host.contains(":") ? "[" + host + "]" : host;
        List<String> arguments = new ArrayList<>(List.of("load"));
        arguments.add(authority + ":" + server.getPort());
        arguments.addAll(List.of(options.split(" ", -1)));
        return terminal.run(arguments.toArray(String[]::new));
    }

    static double number(Map<String, String> found, String name) {
        return Double.parseDouble(found.get(name));
    }

    /// The values by their names, those within objects after a dot.
    static Map<String, String> parsed(String json) {
        Map<String, String> values = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            String prefix = "";
            String name = "";
            while (parser.nextToken() != null) {
                switch (parser.currentToken()) {
                    case PROPERTY_NAME -> name = parser.currentName();
                    case START_OBJECT -> prefix = name.isEmpty() ? "" : name + ".";
                    case END_OBJECT -> prefix = "";
                    default -> values.put(prefix + name, parser.getString());
                }
            }
        }
        return values;
    }
}
