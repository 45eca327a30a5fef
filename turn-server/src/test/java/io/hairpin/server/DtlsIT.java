package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.ClientOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;

/// What becomes of sessions of DTLS, and of the allocations that were made in them. What passes
/// through them is in [RelayIT].
class DtlsIT {

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aClientThatBeginsAnewFromItsAddressLosesItsAllocation(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start()) {
            InetSocketAddress local;
            try (TurnClient first = Clients.of(server, Transport.DTLS, IPV4)) {
                first.allocate(AllocateOptions.udp());
                local = first.localAddress();
                first.vanish();
            }
            try (TurnClient second =
                    TurnClient.dtls(
                                    Clients.address(server, Transport.DTLS, IPV4),
                                    Clients.ANY_SERVER,
                                    ClientOptions.STANDARD.withLocal(local))
                            .with(USER, PASSWORD)) {
                second.allocate(AllocateOptions.udp());

                assertThat(
                                Metrics.sum(
                                        server,
                                        "hairpin_allocations_closed_total",
                                        "transport=\"dtls\"",
                                        "reason=\"client_closed\""))
                        .isEqualTo(1);
                assertThat(sessions(server)).isEqualTo(1);
                assertThat(Metrics.sum(server, "hairpin_dtls_sessions_opened_total")).isEqualTo(2);
            }
        }
    }

    @Test
    void aSessionThatIsNotUsedEndsUnlessItHasAnAllocation() throws Exception {
        TestConfiguration impatient =
                TestConfiguration.loopback().limit("dtls-idle-timeout", Duration.ofMillis(1500));
        try (TurnServer server = OnePort.plain().rest(impatient).start();
                TurnClient holder = Clients.of(server, Transport.DTLS, IPV4);
                TurnClient idler = Clients.of(server, Transport.DTLS, IPV4)) {
            holder.allocate(AllocateOptions.udp());
            idler.bind();
            assertThat(sessions(server)).isEqualTo(2);

            await().atMost(Duration.ofSeconds(30)).until(() -> sessions(server) == 1);

            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(1);
            assertThat(holder.refresh(Duration.ofMinutes(5))).isPositive();
        }
    }

    @Test
    void withoutACertificateAClientHelloIsDropped() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                DatagramSocket socket = new DatagramSocket()) {
            byte[] hello = {22, (byte) 0xFE, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
            socket.send(
                    new DatagramPacket(
                            hello, hello.length, Clients.address(server, Transport.UDP, IPV4)));

            await().until(
                            () ->
                                    Metrics.sum(
                                                    server,
                                                    "hairpin_dropped_packets_total",
                                                    "transport=\"udp\"",
                                                    "reason=\"malformed\"")
                                            == 1);
            assertThat(server.addresses(Transport.DTLS)).isEmpty();
        }
    }

    private static double sessions(TurnServer server) throws Exception {
        return Metrics.sum(server, "hairpin_limit_used", "limit=\"dtls-sessions\"");
    }
}
