package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.net.SocketKind;
import io.hairpin.server.TcpRelayServer.Allocated;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What other servers gave away, or opened, tried on a running one.
@Timeout(120)
class ServerAdvisoriesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f000002", // 127.0.0.2
                "00000000",
                "00000000000000000000000000000000",
                "00000000000000000000000000000001",
                "00000000000000000000ffff7f000002",
                "00000000000000000000ffff00000000",
                "0000000000000000000000007f000002",
                "0064ff9b00000000000000007f000002"
            })
    @Advisory({"CVE-2020-26262", "CVE-2026-27624", "GHSA-w4hf-cr3w-6h79", "coturn#1945"})
    void cve202026262LoopbackIsClosedByWhicheverName(String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        InetAddress host =
                bytes.length == 4
                        ? InetAddress.getByAddress(bytes)
                        : Inet6Address.getByAddress(null, bytes, -1);
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().allowing().build());
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            client.allocate(AllocateOptions.udp().additionalFamily(IPV6));

            if (!host.equals(TestConfiguration.LOOPBACK_6)) { // where relays are, and only they
                assertForbidden(() -> client.createPermission(host));
            }
            assertForbidden(() -> client.channelBind(0x4000, new InetSocketAddress(host, 8080)));
        }
    }

    @Test
    @Advisory({"CVE-2018-4059", "coturn#1946"})
    void cve20184059TheAdminEndpointIsNotReachedThroughRelays() {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4)) {
            InetSocketAddress admin = server.server().adminAddress();

            assertForbidden(() -> alice.client().connect(admin, PATIENCE));
        }
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TurnClient bob = Clients.of(server, Transport.UDP, IPV4)) {
            bob.allocate(AllocateOptions.udp());

            assertForbidden(() -> bob.channelBind(0x4000, server.adminAddress()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /metrics, 405",
        "PUT, /metrics, 405",
        "DELETE, /readyz, 405",
        "GET, /psd?file=/tmp/x, 404",
        "POST, /psd, 404",
        "GET, /../../etc/passwd, 404",
        "GET, /%2e%2e/etc/passwd, 404",
        "POST, /users, 404"
    })
    @Advisory({"coturn e72930f5", "turn-rs"})
    void coturnE72930f5TheAdminEndpointChangesNothing(String method, String path, int status)
            throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                HttpClient http = HttpClient.newHttpClient()) {
            int port = server.adminAddress().getPort();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .method(method, HttpRequest.BodyPublishers.ofString("x"))
                            .build();

            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    @Advisory("CVE-2025-69217")
    void cve202569217PortsAndTokensFollowNoOrder() {
        int count = 16;
        List<TurnClient> clients = new ArrayList<>();
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build())) {
            List<Integer> ports = new ArrayList<>();
            List<Long> tokens = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TurnClient client = Clients.of(server, Transport.UDP, IPV4);
                clients.add(client);
                Allocation allocation =
                        client.allocate(AllocateOptions.udp().evenPortReservingNext());
                ports.add(allocation.relayedAddress().getPort());
                tokens.add(allocation.reservationToken().orElseThrow());
            }

            assertThat(steps(ports.stream().map(Integer::longValue).toList()))
                    .hasSizeGreaterThan(count / 2);
            assertThat(steps(tokens)).hasSize(count - 1);
            assertThat(ports).isNotEqualTo(ports.stream().sorted().toList());
        } finally {
            clients.forEach(TurnClient::vanish);
        }
    }

    /// How much each is more than the one before.
    private static Set<Long> steps(List<Long> numbers) {
        return IntStream.range(1, numbers.size())
                .mapToObj(i -> numbers.get(i) - numbers.get(i - 1))
                .collect(Collectors.toSet());
    }

    @Test
    @Advisory("GHSA-f6hc-79w3-p8pq")
    void ghsaF6hcClosingConnectionsBuysNoAllocationsThatMayMove() {
        int quota = LimitsConfig.defaults().allocationsPerUser();
        try (TurnServer server = OnePort.plain().startMobile()) {
            int granted = 0;
            for (int i = 0; i < 2 * quota; i++) {
                TurnClient client = Clients.of(server, Transport.TCP, IPV4);
                try {
                    client.allocate(AllocateOptions.udp().mobile());
                    granted++;
                } catch (TurnException refused) {
                    assertThat(refused.error().is(ErrorCode.ALLOCATION_QUOTA_REACHED)).isTrue();
                }
                client.vanish();
            }

            assertThat(granted).isEqualTo(quota);
        }
    }

    @Test
    @Advisory("GHSA-847g-qmc6-6m4r")
    void ghsa847gAnEvenPortThatReservesNothingLeaksNone() throws Exception {
        try (TurnServer server = TurnServer.start(PortsIT.rangeOf(2).build());
                TurnClient first = Clients.of(server, Transport.UDP, IPV4);
                TurnClient second = Clients.of(server, Transport.TCP, IPV4)) {
            for (int i = 0; i < 50; i++) {
                int port =
                        first.allocate(AllocateOptions.udp().evenPort()).relayedAddress().getPort();
                assertThat(port).isEven();
                first.refresh(Duration.ZERO);
            }

            int even = first.allocate(AllocateOptions.udp().evenPort()).relayedAddress().getPort();
            int odd = second.allocate(AllocateOptions.udp()).relayedAddress().getPort();
            assertThat(odd).isEqualTo(even + 1);
        }
    }

    private static void assertForbidden(Runnable request) {
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(request::run)
                .matches(refused -> refused.error().is(ErrorCode.FORBIDDEN));
    }
}
