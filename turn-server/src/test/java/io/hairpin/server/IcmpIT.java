package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/// RFC 8656 §11.5 on real sockets: clients hear of what their datagrams met.
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class IcmpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final IcmpError PORT_UNREACHABLE = new IcmpError(3, 3, 0);
    private static final IcmpError PORT_UNREACHABLE_6 = new IcmpError(1, 4, 0);

    @ParameterizedTest
    @CsvSource({
        "UDP, IPV4, IPV4", "UDP, IPV6, IPV6", "UDP, IPV6, IPV4", "UDP, IPV4, IPV6",
        "DTLS, IPV4, IPV4", "DTLS, IPV4, IPV6", "TCP, IPV4, IPV4", "TCP, IPV4, IPV6",
        "TLS, IPV4, IPV4", "TLS, IPV4, IPV6"
    })
    void aClientIsToldThatNobodyIsAtThePeersPort(
            Transport transport, AddressFamily clientFamily, AddressFamily peerFamily)
            throws Exception {
        IcmpError expected = peerFamily == IPV4 ? PORT_UNREACHABLE : PORT_UNREACHABLE_6;
        try (PeerPort port = closedPort(peerFamily);
                TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                TurnClient client = Clients.of(server, transport, clientFamily)) {
            InetSocketAddress closed = port.address();
            client.allocate(AllocateOptions.udp().family(peerFamily));
            client.createPermission(closed.getAddress());

            client.send(closed, new byte[] {1});
            assertTold(server, client, closed, expected);

            client.channelBind(0x4000, closed);
            client.sendChannel(0x4000, new byte[] {1});
            assertTold(server, client, closed, expected);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_icmp_errors_total",
                                    "transport=\"" + Text.of(transport) + "\""))
                    .isEqualTo(2);
        }
    }

    @Test
    void aClosedPeerDoesNotDisturbTheOthers() throws Exception {
        try (PeerPort port = closedPort(IPV4);
                TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            InetSocketAddress closed = port.address();
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.createPermission(peer.address().getAddress());
            for (int i = 0; i < 100; i++) { // more than are told in a second
                client.send(closed, new byte[] {1});
                client.send(peer.address(), new byte[] {(byte) i});
                assertThat(peer.receive()).isEqualTo(new byte[] {(byte) i});
                peer.send(new byte[] {(byte) i}, relayed);
                assertThat(nextData(client)).isEqualTo(new byte[] {(byte) i});
            }
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_dropped_packets_total",
                                    "reason=\"send_failed\""))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whereClientsAreNotToldTheServerSaysSo(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start()) {
            assertThat(server.describe().stream().anyMatch(line -> line.contains("ICMP")))
                    .isEqualTo(!kind.tellsIcmp());
        }
    }

    private static void assertTold(
            TurnServer server, TurnClient client, InetSocketAddress peer, IcmpError error)
            throws Exception {
        Optional<Received> told = client.receive(PATIENCE);
        assertThat(told).as("%s; the server counts %s", error, counts(server)).isPresent();
        Received received = told.orElseThrow();
        assertThat(received.error()).contains(error);
        assertThat(received.peer()).isEqualTo(peer);
        assertThat(received.bytes()).isEmpty();
    }

    private static byte[] nextData(TurnClient client) throws Exception {
        while (true) {
            Received received = client.receive(PATIENCE).orElseThrow();
            if (received.error().isEmpty()) {
                return received.bytes();
            }
        }
    }

    /// Where packets and errors went, for whoever has to find out why none came.
    private static String counts(TurnServer server) throws Exception {
        return Metrics.scrape(server)
                .lines()
                .filter(line -> !line.startsWith("#") && !line.endsWith(" 0.0"))
                .filter(line -> line.contains("packets") || line.contains("icmp"))
                .collect(Collectors.joining("; "));
    }

    /// A port that answers as if nobody had it, and that nobody gets meanwhile: its socket is
    /// connected, to itself, so it takes nothing from others.
    private static PeerPort closedPort(AddressFamily family) throws Exception {
        PeerPort port =
                PeerPort.open(
                        family == IPV4
                                ? TestConfiguration.LOOPBACK_4
                                : TestConfiguration.LOOPBACK_6);
        port.udp().connect(port.address());
        return port;
    }
}
