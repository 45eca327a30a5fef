package io.hairpin.interop;

import static io.hairpin.client.nat.Dependence.ADDRESS_AND_PORT_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ADDRESS_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ENDPOINT_INDEPENDENT;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.nat.Dependence;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// `hairpin nat` and coturn's `turnutils_natdiscovery` name every kind of NAT by what Hairpin
/// answers, and alike but for one that coturn's takes for another.
class NatBehaviourIT {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final Map<Dependence, String> COTURNS_NAMES =
            Map.of(
                    ENDPOINT_INDEPENDENT,
                    "Endpoint Independent",
                    ADDRESS_DEPENDENT,
                    "Address Dependent",
                    ADDRESS_AND_PORT_DEPENDENT,
                    "Address and Port Dependent");

    private static ServerUnderTest server;
    private static int port;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        Tool.NATDISCOVERY.path();
        Tool.STUNCLIENT.path();
        port = Ports.free();
        String loopback =
                "{ transport: udp, address: 127.0.0.1, port: 0 },"
                        + " { transport: tcp, address: 127.0.0.1, port: 0 },"
                        + " { transport: udp, address: '::1', port: 0 },"
                        + " { transport: tcp, address: '::1', port: 0 }";
        server =
                ServerUnderTest.start(
                        folder,
                        Map.of(
                                "listeners",
                                "{ transport: udp, address: 127.0.2.1, port: %d }, %s"
                                        .formatted(port, loopback),
                                "nat-discovery",
                                "alternate-address: 127.0.2.2, alternate-port: %d,"
                                                .formatted(port + 1)
                                        + " advertise: 127.0.1.1, alternate-advertise: 127.0.1.2,"
                                        + " requests-per-source: 1000",
                                "compatibility.rfc3489",
                                "true"));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    static Stream<Arguments> everyKind() {
        return Arrays.stream(Dependence.values())
                .flatMap(
                        mapping ->
                                Arrays.stream(Dependence.values())
                                        .map(filtering -> Arguments.of(mapping, filtering)));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void bothToolsNameEveryKindOfNat(Dependence mapping, Dependence filtering) {
        boolean hairpinning = filtering == ENDPOINT_INDEPENDENT;
        LoopbackNat.Kind kind = new LoopbackNat.Kind(mapping, filtering, hairpinning, false);
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, kind)) {
            CompletableFuture<String> coturnsMapping = beginCoturns("-m");
            CompletableFuture<String> coturnsFiltering = beginCoturns("-f");
            Program.Finished ours = nat("--patience", "1s", "--json");
            assertThat(ours.exitCode()).as(ours.output()).isZero();
            assertThat(ours.output())
                    .contains("\"nat\":true")
                    .contains("\"mapping\":\"" + name(mapping) + "\"")
                    .contains("\"filtering\":\"" + name(filtering) + "\"")
                    .contains("\"hairpinning\":" + hairpinning);

            assertThat(coturnsMapping.join())
                    .contains("NAT with " + COTURNS_NAMES.get(toCoturn(mapping)) + " Mapping!");
            assertThat(coturnsFiltering.join())
                    .contains("NAT with " + COTURNS_NAMES.get(filtering) + " Filtering!");
        }
    }

    /// The tools wait more than they work, and the NAT keeps its clients apart.
    private static CompletableFuture<String> beginCoturns(String option) {
        return CompletableFuture.supplyAsync(
                () -> coturns(option).output(), Thread::startVirtualThread);
    }

    @Test
    void hairpinningIsSeenByBothTools() {
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, open())) {
            assertThat(nat("--patience", "1s").output()).contains("hairpinning  yes");
            assertThat(coturns("-H").output()).contains("maybe a successful hairpinning");
        }
    }

    @Test
    void theResponsePortAndPaddingAreServedToCoturnsTool() {
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, open())) {
            assertThat(coturns("-t", "-T", "1").output())
                    .contains("RFC 5780 response 2")
                    .doesNotContain("error", "timeout");
            assertThat(coturns("-m", "-P").output())
                    .contains("NAT with Endpoint Independent Mapping!");
        }
    }

    @Test
    void twoAddressesOfAClientWithTheSamePortDoNotCollide() {
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, open())) {
            assertThat(coturns("-c", "-A", "127.0.0.9").output())
                    .contains("RFC 5780 response 2")
                    .doesNotContain("error", "timeout");
        }
    }

    @Test
    void withoutANatThereIsSaidToBeNone() {
        Program.Finished ours =
                hairpinNat("127.0.2.1:" + port, "--patience", "1s", "--local-address", "127.0.0.1");

        // The addresses it advertises are those of a NAT that is not there.
        assertThat(ours.output()).contains("there is no NAT");
    }

    @Test
    void blockedUdpIsSaidToBeBlocked() {
        LoopbackNat.Kind wall =
                new LoopbackNat.Kind(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, false, true);
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, wall)) {
            Program.Finished ours = nat("--patience", "500ms");

            assertThat(ours.exitCode()).isOne();
            assertThat(ours.output())
                    .contains("nothing comes back over UDP")
                    .contains("error: no answer from");
        }
    }

    @Test
    void aServerWithoutASecondAddressCannotTell() {
        Program.Finished ours =
                hairpinNat("127.0.0.1:" + server.port("udp", "127.0.0.1"), "--patience", "500ms");

        assertThat(ours.exitCode()).isOne();
        assertThat(ours.output())
                .contains("there is no NAT")
                .contains("error: the server has no second address");
    }

    @Test
    void stunclientGoesThroughItsTestsOfRfc5780() {
        try (LoopbackNat _ = LoopbackNat.before(port, port + 1, open())) {
            Program.Finished run =
                    Program.run(
                            List.of(
                                    Tool.STUNCLIENT.path(),
                                    "-f",
                                    "-p",
                                    String.valueOf(port),
                                    LoopbackNat.INSIDE.getFirst().getHostAddress()),
                            DEADLINE);

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).contains("RFC 5780 response").doesNotContain("error");
        }
    }

    /// What coturn's tool takes it for, whatever the server: its third request goes to the
    /// OTHER-ADDRESS of the second answer, which is at the first address again (RFC 5780 §6.1),
    /// and not to the other port of the second address (§4.3).
    private static Dependence toCoturn(Dependence mapping) {
        return mapping == ADDRESS_DEPENDENT ? ADDRESS_AND_PORT_DEPENDENT : mapping;
    }

    private static LoopbackNat.Kind open() {
        return new LoopbackNat.Kind(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, true, false);
    }

    private static String name(Dependence dependence) {
        return dependence.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Program.Finished nat(String... options) {
        return hairpinNat(LoopbackNat.INSIDE.getFirst().getHostAddress() + ":" + port, options);
    }

    private static Program.Finished hairpinNat(String address, String... options) {
        Path launcher = Path.of("..", "hairpin").toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "nat", address));
        command.addAll(List.of(options));
        try (Program program =
                Program.start(
                        command,
                        Map.of(
                                "HAIRPIN_BUILD",
                                "never",
                                "HAIRPIN_JAVA_HOME",
                                System.getProperty("java.home")))) {
            int exitCode = program.awaitExit(DEADLINE).orElseThrow();
            return new Program.Finished(exitCode, program.output());
        }
    }

    private static Program.Finished coturns(String... options) {
        List<String> command = new ArrayList<>(List.of(Tool.NATDISCOVERY.path()));
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-L",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        LoopbackNat.INSIDE.getFirst().getHostAddress()));
        return Program.run(command, DEADLINE);
    }
}
