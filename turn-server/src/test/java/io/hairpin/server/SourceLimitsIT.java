package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;

/// How much may come from one place, on real sockets; this machine is one.
@Timeout(60)
class SourceLimitsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void anAllocationTooManyIs486AndCounted() throws Exception {
        TestConfiguration one = TestConfiguration.loopback().perAddress("allocations", 1);
        try (TurnServer server = TurnServer.start(one.build());
                TurnClient first = Clients.of(server, Transport.UDP, IPV4);
                TurnClient second = Clients.of(server, Transport.TCP, IPV4)) {
            first.allocate(AllocateOptions.udp());
            assertThat(used(server, "sources.allocations-per-address")).isEqualTo(1);

            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(() -> second.allocate(AllocateOptions.udp()))
                    .satisfies(
                            refused ->
                                    assertThat(refused.error().code())
                                            .isEqualTo(ErrorCode.ALLOCATION_QUOTA_REACHED.code()));
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_limit_refusals_total",
                                    "\"sources.allocations-per-address\""))
                    .isEqualTo(1);
            first.refresh(Duration.ZERO);
            second.allocate(AllocateOptions.udp());
        }
    }

    @Test
    void aConnectionTooManyIsClosedAndCounted() throws Exception {
        TestConfiguration one = TestConfiguration.loopback().perAddress("connections", 1);
        try (TurnServer server = OnePort.plain().rest(one).start()) {
            InetSocketAddress address = Clients.address(server, Transport.TCP, IPV4);
            try (Socket first = new Socket(address.getAddress(), address.getPort())) {
                await().atMost(PATIENCE)
                        .until(() -> used(server, "sources.connections-per-address") == 1);
                assertThat(first.isConnected()).isTrue();
                try (Socket second = new Socket(address.getAddress(), address.getPort())) {
                    assertThat(isClosed(second)).isTrue();
                }
                assertThat(refused(server, "tcp")).isEqualTo(1);
            }
            await().atMost(PATIENCE)
                    .until(() -> used(server, "sources.connections-per-address") == 0);
            try (TurnClient next = Clients.of(server, Transport.TLS, IPV4)) {
                assertThat(next.bind()).isNotNull();
            }
        }
    }

    @Test
    void aDtlsSessionTooManyIsRefusedAndCounted() throws Exception {
        TestConfiguration two = TestConfiguration.loopback().perAddress("connections", 2);
        try (TurnServer server = OnePort.plain().rest(two).start()) {
            try (TurnClient first = Clients.of(server, Transport.DTLS, IPV4);
                    TurnClient second = Clients.of(server, Transport.DTLS, IPV4)) {
                List.of(first, second).forEach(each -> assertThat(each.bind()).isNotNull());
                assertThat(used(server, "sources.connections-per-address")).isEqualTo(2);
                assertThat(used(server, "sources.handshakes-per-address")).isZero();

                assertThatExceptionOfType(RuntimeException.class)
                        .isThrownBy(() -> Clients.of(server, Transport.DTLS, IPV4).bind());
                assertThat(refused(server, "dtls")).isPositive();
            }
            await().atMost(PATIENCE)
                    .until(() -> used(server, "sources.connections-per-address") == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "DTLS"})
    void whatHasMetNoLimitLeavesNothingCounted(Transport transport) throws Exception {
        TestConfiguration some =
                TestConfiguration.loopback()
                        .perAddress("allocations", 5)
                        .perAddress("connections", 5)
                        .perAddress("handshakes", 5);
        try (TurnServer server = OnePort.plain().rest(some).start()) {
            for (int round = 0; round < 8; round++) {
                try (TurnClient client = Clients.of(server, transport, IPV4)) {
                    client.allocate(AllocateOptions.udp());
                }
                await().atMost(PATIENCE)
                        .until(() -> used(server, "sources.connections-per-address") == 0);
            }
            assertThat(used(server, "sources.handshakes-per-address")).isZero();
            assertThat(used(server, "sources.allocations-per-address")).isZero();
            assertThat(used(server, "allocations")).isZero();
            assertThat(used(server, "tls-handshakes")).isZero();
        }
    }

    private static double used(TurnServer server, String limit)
            throws IOException, InterruptedException {
        return Metrics.sum(server, "hairpin_limit_used", "limit=\"" + limit + "\"");
    }

    private static double refused(TurnServer server, String transport)
            throws IOException, InterruptedException {
        return Metrics.sum(
                server,
                "hairpin_refused_connections_total",
                "reason=\"address_limit\"",
                "transport=\"" + transport + "\"");
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
