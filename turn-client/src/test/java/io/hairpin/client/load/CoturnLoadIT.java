package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.client.CoturnServer;
import io.hairpin.client.Credentials;
import io.hairpin.client.Retransmission;
import io.hairpin.client.TlsOptions;
import io.hairpin.client.Trust;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// The load generator against a server that somebody else wrote, with few packets.
@Timeout(120)
class CoturnLoadIT {

    private static final int CLIENTS = 10;
    private static final int PACKETS = 400;

    private static @Nullable CoturnServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        Optional<Path> executable = CoturnServer.executable();
        assumeTrue(
                executable.isPresent(),
                "coturn's turnserver is not installed (Debian: apt-get install coturn)");
        server = CoturnServer.start(executable.get(), directory);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.stop();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPacketComesBack(ClientTransport transport) throws InterruptedException {
        LoadReport report = new LoadRun(plan(transport, believing()), _ -> {}).run();

        assertThat(report.failures()).isEmpty();
        assertThat(report.clients()).isEqualTo(CLIENTS);
        assertThat(report.delivered()).isEqualTo(PACKETS);
        assertThat(report.lost()).isZero();
        assertThat(report.negotiated().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(transport.isSecured() ? CLIENTS : 0);
    }

    @Test
    void aCertificateThatIsNotBelievedFailsEachClient() throws InterruptedException {
        TlsOptions system = TlsOptions.of(Trust.systemAuthorities());

        LoadReport report = new LoadRun(plan(ClientTransport.TLS, system), _ -> {}).run();

        assertThat(report.clients()).isZero();
        assertThat(report.failures()).hasSize(1).containsValue(CLIENTS);
        assertThat(report.failures().keySet()).allMatch(why -> why.startsWith("no TLS: "));
    }

    private static TlsOptions believing() {
        return TlsOptions.of(Trust.certificates(List.of(server().identity().certificate())));
    }

    private static CoturnServer server() {
        return Objects.requireNonNull(server);
    }

    /// Each transport has an address of its own: coturn remembers whom it served over UDP, never
    /// answers DTLS from there, and the system may give one client the port that another had.
    private static LoadPlan plan(ClientTransport transport, TlsOptions tls) {
        InetAddress own = InetAddress.ofLiteral("127.0.1." + (1 + transport.ordinal()));
        TrafficPlan traffic =
                new TrafficPlan(
                        Direction.BOTH,
                        new Pace.Window(4),
                        172,
                        1,
                        false,
                        Duration.ZERO,
                        Duration.ofSeconds(30),
                        PACKETS);
        return new LoadPlan(
                server().address(),
                transport,
                Optional.of(tls).filter(_ -> transport.isSecured()),
                Optional.of(_ -> new Credentials(CoturnServer.USERNAME, CoturnServer.PASSWORD)),
                CLIENTS,
                1,
                1,
                false,
                Optional.of(own),
                Optional.empty(),
                Optional.of(InetAddress.ofLiteral("127.0.0.4")),
                new SetUpPlan(4, Retransmission.STANDARD, 1, Duration.ZERO, false),
                Optional.of(traffic),
                Optional.empty(),
                Map.of(),
                OptionalLong.empty(),
                1);
    }
}
