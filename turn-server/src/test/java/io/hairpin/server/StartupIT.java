package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.LOOPBACK_4;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.RelayAddress;
import io.hairpin.server.core.Transport;

import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/// Starting and stopping, and what an operator is told if the first does not work.
class StartupIT {

    /// In TEST-NET-1, which no machine has.
    private static final InetAddress NOT_OURS = InetAddress.ofLiteral("198.51.100.77");

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aUdpPortInUseIsNamedWithItsRemedy(SocketKind netty) throws Exception {
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK_4, 0))) {
            assertRefused(
                    on(ListenerTransport.UDP, LOOPBACK_4, other.getLocalPort()),
                    netty,
                    "cannot listen on udp 127.0.0.1:%d: another program has the port; stop it"
                            .formatted(other.getLocalPort()));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aTcpPortInUseIsNamedWithItsRemedy(SocketKind netty) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK_4)) {
            assertRefused(
                    on(ListenerTransport.TCP, LOOPBACK_4, other.getLocalPort()),
                    netty,
                    "cannot listen on tcp 127.0.0.1:%d: another program has the port; stop it"
                            .formatted(other.getLocalPort()));
        }
    }

    @Test
    void anotherServerOfOursIsAnotherProgramToo() {
        try (TurnServer first = TurnServer.start(TestConfiguration.loopback().build())) {
            int port = Clients.address(first, Transport.UDP, IPV4).getPort();

            assertRefused(
                    on(ListenerTransport.UDP, LOOPBACK_4, port),
                    SocketKind.best(),
                    "another program has the port");
        }
    }

    @Test
    void anAdminPortInUseIsNamedWithItsRemedy() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK_4)) {
            assertRefused(
                    TestConfiguration.loopback().admin(LOOPBACK_4, other.getLocalPort()).build(),
                    SocketKind.best(),
                    "cannot listen on admin 127.0.0.1:%d: another program has the port"
                            .formatted(other.getLocalPort()));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void anAddressOfAnotherMachineIsNamed(SocketKind netty) {
        for (ListenerTransport transport : List.of(ListenerTransport.UDP, ListenerTransport.TCP)) {
            assertRefused(
                    on(transport, NOT_OURS, 3478),
                    netty,
                    "198.51.100.77 is not an address of this machine");
        }
    }

    @Test
    void aRelayAddressOfAnotherMachineIsNamed() {
        assertRefused(
                TestConfiguration.loopback().relays(new RelayAddress(NOT_OURS, NOT_OURS)).build(),
                SocketKind.best(),
                "relay.addresses: 198.51.100.77 is not an address of this machine");
    }

    @Test
    void aFailedStartLeavesNothingOpen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK_4)) {
            int port = freePort();
            assertRefused(
                    TestConfiguration.loopback()
                            .listeners(
                                    new ListenerConfig(ListenerTransport.UDP, LOOPBACK_4, port),
                                    new ListenerConfig(
                                            ListenerTransport.TCP,
                                            LOOPBACK_4,
                                            other.getLocalPort()))
                            .build(),
                    SocketKind.best(),
                    "tcp");

            try (DatagramSocket again =
                    new DatagramSocket(new InetSocketAddress(LOOPBACK_4, port))) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    @Timeout(20)
    void aServerCanTakeThePlaceOfItsPredecessorAtOnce(SocketKind netty) {
        List<InetSocketAddress> udp;
        List<InetSocketAddress> tcp;
        try (TurnServer first = TurnServer.start(TestConfiguration.loopback().build(), netty);
                TurnClient one = Clients.of(first, Transport.UDP, IPV4);
                TurnClient two = Clients.of(first, Transport.TCP, IPV6)) {
            udp = first.addresses(Transport.UDP);
            tcp = first.addresses(Transport.TCP);
            one.allocate(AllocateOptions.udp());
            two.allocate(AllocateOptions.udp());
        }

        Configuration same =
                TestConfiguration.loopback()
                        .listeners(
                                listener(ListenerTransport.UDP, udp.getFirst()),
                                listener(ListenerTransport.TCP, tcp.getFirst()),
                                listener(ListenerTransport.UDP, udp.getLast()),
                                listener(ListenerTransport.TCP, tcp.getLast()))
                        .build();
        try (TurnServer second = TurnServer.start(same, netty);
                TurnClient client = Clients.of(second, Transport.TCP, IPV6)) {
            assertThat(second.addresses(Transport.UDP)).isEqualTo(udp);
            assertThat(second.addresses(Transport.TCP)).isEqualTo(tcp);
            assertThat(client.allocate(AllocateOptions.udp()).lifetime())
                    .isEqualTo(Duration.ofMinutes(10));
        }
    }

    /// Where the JDK cannot keep the families apart, one socket has to serve both.
    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void bothWildcardsOnOnePortServeBothFamilies(SocketKind netty) throws Exception {
        for (ListenerTransport transport : List.of(ListenerTransport.UDP, ListenerTransport.TCP)) {
            int port = freePort();
            Configuration both =
                    TestConfiguration.loopback()
                            .listeners(
                                    new ListenerConfig(
                                            transport, InetAddress.ofLiteral("0.0.0.0"), port),
                                    new ListenerConfig(
                                            transport, InetAddress.ofLiteral("::"), port))
                            .build();
            try (TurnServer _ = TurnServer.start(both, netty);
                    TurnClient four = client(transport, TestConfiguration.LOOPBACK_4, port);
                    TurnClient six = client(transport, TestConfiguration.LOOPBACK_6, port)) {
                assertThat(four.bind()).isEqualTo(four.localAddress());
                assertThat(six.bind()).isEqualTo(six.localAddress());
                assertThat(four.allocate(AllocateOptions.udp()).relayedAddresses()).hasSize(1);
                assertThat(six.allocate(AllocateOptions.udp()).relayedAddresses()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aListenerOnTheWildcardOfIpv6ServesNobodyElse(SocketKind netty) throws Exception {
        try (TurnServer server =
                        TurnServer.start(
                                TestConfiguration.loopback()
                                        .listeners(TestConfiguration.tcp("::"))
                                        .build(),
                                netty);
                RawTcpClient six =
                        new RawTcpClient(
                                new InetSocketAddress(
                                        TestConfiguration.LOOPBACK_6,
                                        server.addresses(Transport.TCP).getFirst().getPort()))) {
            assertThat(six.exchange(six.bindingRequest())).isNotNull();

            assertThat(isServed(server.addresses(Transport.TCP).getFirst().getPort())).isFalse();
        }
    }

    @Test
    void itIsReadyWhenStartReturnsAndSaysWhatItDoes() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build())) {
            assertThat(Metrics.page(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(server.describe())
                    .contains(
                            "listening on udp "
                                    + Text.of(Clients.address(server, Transport.UDP, IPV6)),
                            "relaying on 127.0.0.1",
                            "relay ports 49152-65535",
                            "data path " + SocketKind.best() + ", shards 2")
                    .noneMatch(line -> line.startsWith("warning"));
        }
    }

    @Test
    void aPrivateRelayAddressThatNothingStandsForIsWarnedOf() {
        assertThat(
                        RelayPlan.warnings(
                                List.of(
                                        relay("10.0.0.5", "10.0.0.5"),
                                        relay("fd00::5", "fd00::5"),
                                        relay("10.0.0.6", "203.0.113.7"),
                                        relay("203.0.113.8", "203.0.113.8"))))
                .hasSize(2)
                .allMatch(warning -> warning.contains("is private"));
    }

    private static io.hairpin.server.relay.RelayAddress relay(String bind, String advertise) {
        return new io.hairpin.server.relay.RelayAddress(
                InetAddress.ofLiteral(bind), InetAddress.ofLiteral(advertise));
    }

    private static boolean isServed(int port) throws Exception {
        try (RawTcpClient four = new RawTcpClient(new InetSocketAddress(LOOPBACK_4, port))) {
            return !four.isClosedByServer();
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    private static TurnClient client(ListenerTransport transport, InetAddress address, int port) {
        InetSocketAddress server = new InetSocketAddress(address, port);
        TurnClient client = transport.isStream() ? TurnClient.tcp(server) : TurnClient.udp(server);
        return client.with(TestConfiguration.USER, TestConfiguration.PASSWORD);
    }

    /// A port that was free for both transports a moment ago.
    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private static ListenerConfig listener(ListenerTransport transport, InetSocketAddress bound) {
        return new ListenerConfig(transport, bound.getAddress(), bound.getPort());
    }

    private static Configuration on(ListenerTransport transport, InetAddress address, int port) {
        return TestConfiguration.loopback()
                .listeners(new ListenerConfig(transport, address, port))
                .build();
    }

    private static void assertRefused(
            Configuration configuration, SocketKind netty, String message) {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> TurnServer.start(configuration, netty).close())
                .withMessageContaining(message)
                .extracting(Throwable::getMessage, Assertions.as(InstanceOfAssertFactories.STRING))
                .hasLineCount(1);
    }
}
