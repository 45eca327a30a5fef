package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.TlsProvider;
import io.hairpin.server.core.Transport;
import io.hairpin.server.transport.TestCertificate;
import io.hairpin.stun.ChannelData;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// What one TCP port serves, told apart by what comes first.
class OnePortIT {

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aClientOfTlsAllocatesAndRelays(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start();
                TestPeer peer = TestPeer.open(IPV4);
                RawTcpClient client = tls(server)) {
            relaysOver(client, peer);

            assertThat(Metrics.sum(server, "hairpin_allocations_active", "transport=\"tls\""))
                    .isEqualTo(1);
            assertThat(Metrics.sum(server, "hairpin_allocations_active", "transport=\"tcp\""))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void whicheverLibraryDoesTls(TlsProvider provider) throws Exception {
        try (TurnServer server = OnePort.plain().by(provider).start();
                TestPeer peer = TestPeer.open(IPV4);
                RawTcpClient client = tls(server)) {
            relaysOver(client, peer);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void thePortServesPlainTurnAsWell(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start();
                TestPeer peer = TestPeer.open(IPV4);
                RawTcpClient client = new RawTcpClient(address(server))) {
            relaysOver(client, peer);

            assertThat(Metrics.sum(server, "hairpin_allocations_active", "transport=\"tcp\""))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stun.turn", "stun.nat-discovery"})
    void theProtocolOfRfc7443IsAgreedOn(String protocol) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                SSLSocket socket =
                        TestCertificate.over(RawTcpClient.connect(address(server)), protocol);
                RawTcpClient client = new RawTcpClient(socket)) {
            assertThat(client.mappedAddress()).isEqualTo(socket.getLocalSocketAddress());
            assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
        }
    }

    @Test
    void clientsWithAnotherProtocolAreServedAllTheSame() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                SSLSocket socket =
                        TestCertificate.over(RawTcpClient.connect(address(server)), "h2");
                RawTcpClient client = new RawTcpClient(socket)) {
            assertThat(client.mappedAddress()).isEqualTo(socket.getLocalSocketAddress());
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    void withoutACertificateTlsIsRefused() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.write(new byte[] {22, 3, 1, 2, 0});

            assertThat(client.isClosedByServer()).isTrue();
            assertRefused(server, "no_certificate");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aBrokenHandshakeIsCountedByItsReason(TlsProvider provider) throws Exception {
        try (TurnServer server = OnePort.plain().by(provider).start();
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.write(new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0});

            while (!client.isClosedByServer()) {
                // an alert comes first
            }
            assertRefused(server, "handshake_failed");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aHandshakeThatTheClientGivesUpIsCountedAsThat(TlsProvider provider) throws Exception {
        try (TurnServer server = OnePort.plain().by(provider).start()) {
            try (RawTcpClient client = new RawTcpClient(address(server))) {
                client.write(new byte[] {22, 3, 1, 2, 0, 1, 0});
            }

            assertRefused(server, "handshake_closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 192.0.2.1 192.0.2.2 5000 443\r\n", "PROXY UNKNOWN\r\n"})
    void nobodyIsBelievedToBeAProxyUnlessConfigured(String header) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.write(header.getBytes(StandardCharsets.US_ASCII));

            assertThat(client.isClosedByServer()).isTrue();
            assertRefused(server, "untrusted_proxy");
        }
    }

    @Test
    void aClientThatDoesNotTrustTheCertificateIsCountedAsThat() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                Socket connection = RawTcpClient.connect(address(server));
                SSLSocket socket =
                        (SSLSocket)
                                ((SSLSocketFactory) SSLSocketFactory.getDefault())
                                        .createSocket(connection, "localhost", 0, true)) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);

            assertRefused(server, "handshake_alert");
        }
    }

    @Test
    void whoClosesBeforeTheFirstMessageIsNotRefused() throws Exception {
        try (TurnServer server = OnePort.plain().start()) {
            for (int i = 0; i < 5; i++) {
                RawTcpClient.connect(address(server)).close();
            }
            try (RawTcpClient client = new RawTcpClient(address(server))) {
                client.mappedAddress();
            }

            assertThat(Metrics.sum(server, "hairpin_refused_connections_total")).isZero();
        }
    }

    @Test
    void theServerSaysGoodbyeOverTls() throws Exception {
        TurnServer server = OnePort.plain().start();
        try (RawTcpClient client = tls(server)) {
            client.mappedAddress();

            server.close();

            assertThat(client.isClosedByServer()).isTrue(); // an exception if it is cut off
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aClientThatSaysGoodbyeOverTlsIsGone(TlsProvider provider) throws Exception {
        try (TurnServer server = OnePort.plain().by(provider).start();
                Socket connection = RawTcpClient.connect(address(server))) {
            SSLSocket socket = TestCertificate.over(connection);
            RawTcpClient client = new RawTcpClient(socket);
            client.allocate();

            socket.shutdownOutput(); // close_notify, and the connection stays

            assertThat(client.isClosedByServer()).isTrue();
            Awaitility.await().until(() -> Metrics.sum(server, "hairpin_allocations_active") == 0);
        }
    }

    @Test
    void aBurstLeavesInFewRecords() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = tls(server)) {
            byte[] one = client.bindingRequest().toBytes();
            ByteBuffer many = ByteBuffer.allocate(100 * one.length);
            for (int i = 0; i < 100; i++) {
                many.put(one);
            }
            client.write(many.array());

            for (int i = 0; i < 100; i++) {
                assertThat(client.readFrame()).startsWith(0x01, 0x01); // Binding success
            }
        }
    }

    private static void relaysOver(RawTcpClient client, TestPeer peer) throws Exception {
        InetSocketAddress relayed = client.allocate();
        client.channelBind(0x4000, peer.address());
        for (int i = 0; i < 20; i++) {
            peer.send(new byte[1000], relayed);
        }
        for (int i = 0; i < 20; i++) {
            ByteBuffer frame = ByteBuffer.wrap(client.readFrame());
            assertThat(ChannelData.channel(frame, 0)).isEqualTo(0x4000);
            assertThat(ChannelData.length(frame, 0)).isEqualTo(1000);
        }
    }

    static void assertRefused(TurnServer server, String reason) {
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(
                                                Metrics.sum(
                                                        server,
                                                        "hairpin_refused_connections_total",
                                                        "reason=\"" + reason + "\""))
                                        .isEqualTo(1));
    }

    static InetSocketAddress address(TurnServer server) {
        return Clients.address(server, Transport.TCP, IPV4);
    }

    static RawTcpClient tls(TurnServer server) throws Exception {
        return new RawTcpClient(TestCertificate.over(RawTcpClient.connect(address(server))));
    }
}
