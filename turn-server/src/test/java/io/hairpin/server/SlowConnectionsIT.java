package io.hairpin.server;

import static io.hairpin.server.OnePortIT.address;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.SocketKind;
import io.hairpin.server.transport.TestCertificate;
import io.hairpin.stun.ChannelData;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import javax.net.ssl.SSLSocket;

/// Connections that are begun and not gone on with, and clients that do not read.
class SlowConnectionsIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration TRICKLE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final String TLS_HELLO_BEGUN = "1603010200010001fc0303";
    private static final String STUN_BEGUN = "000100042112a442";
    private static final String PROXY_BEGUN = "0d0a0d0a000d0a515549540a2111";

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "000100", STUN_BEGUN, PROXY_BEGUN, "50524f585920"})
    void whoDoesNotComeToAFirstMessageIsDisconnected(String begun) throws Exception {
        try (TurnServer server = start(LONG, SHORT, LONG);
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.write(HexFormat.of().parseHex(begun));

            assertThat(client.isClosedByServer()).isTrue();
            OnePortIT.assertRefused(server, "silent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_HELLO_BEGUN, "16030100"})
    void whoDoesNotFinishAHandshakeIsDisconnected(String begun) throws Exception {
        try (TurnServer server = start(LONG, LONG, SHORT);
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.write(HexFormat.of().parseHex(begun));

            assertThat(client.isClosedByServer()).isTrue();
            OnePortIT.assertRefused(server, "handshake_timeout");
        }
    }

    @Test
    void whoSaysNothingAfterTheHandshakeIsDisconnected() throws Exception {
        try (TurnServer server = start(LONG, SHORT, LONG);
                SSLSocket socket = TestCertificate.over(RawTcpClient.connect(address(server)))) {
            socket.startHandshake();

            assertThat(new RawTcpClient(socket).isClosedByServer()).isTrue();
            OnePortIT.assertRefused(server, "silent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_HELLO_BEGUN, STUN_BEGUN, PROXY_BEGUN})
    void whatTricklesInPutsNothingOff(String begun) throws Exception {
        try (TurnServer server = start(LONG, SHORT, SHORT);
                Socket connection = RawTcpClient.connect(address(server))) {
            connection.getOutputStream().write(HexFormat.of().parseHex(begun));

            Awaitility.await()
                    .pollInterval(TRICKLE)
                    .atMost(PATIENCE)
                    .until(() -> !takes(connection));
        }
    }

    @Test
    void aMessageThatTricklesInDoesNotKeepAnIdleClient() throws Exception {
        try (TurnServer server = start(SHORT, LONG, LONG);
                Socket connection = RawTcpClient.connect(address(server))) {
            RawTcpClient client = new RawTcpClient(connection);
            client.mappedAddress();
            connection.getOutputStream().write(HexFormat.of().parseHex("00010400"));

            Awaitility.await()
                    .pollInterval(TRICKLE)
                    .atMost(PATIENCE)
                    .until(() -> !takes(connection));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void hundredsOfHalfOpenHandshakesAreForgotten(SocketKind kind) throws Exception {
        List<Socket> halfOpen = new ArrayList<>();
        try (TurnServer server = OnePort.plain().on(kind).rest(limits(LONG, LONG, SHORT)).start()) {
            for (int i = 0; i < 300; i++) {
                Socket connection = RawTcpClient.connect(address(server));
                connection.getOutputStream().write(HexFormat.of().parseHex(TLS_HELLO_BEGUN));
                halfOpen.add(connection);
            }
            try (RawTcpClient client = OnePortIT.tls(server)) {
                client.mappedAddress(); // while they last
            }

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Metrics.sum(
                                                            server,
                                                            "hairpin_refused_connections_total",
                                                            "reason=\"handshake_timeout\""))
                                            .isEqualTo(300));
        } finally {
            for (Socket connection : halfOpen) {
                connection.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void theOldestOfTooManyHalfOpenHandshakesGivesWay(SocketKind kind) throws Exception {
        TestConfiguration three = limits(LONG, LONG, LONG).limit("tls-handshakes", 3);
        try (TurnServer server = OnePort.plain().on(kind).rest(three).start();
                RawTcpClient oldest = new RawTcpClient(address(server));
                RawTcpClient second = new RawTcpClient(address(server));
                RawTcpClient third = new RawTcpClient(address(server))) {
            for (RawTcpClient each : List.of(oldest, second, third)) {
                each.write(HexFormat.of().parseHex(TLS_HELLO_BEGUN));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> handshakes(server) == 3);

            // Too soon after the others it is refused as well.
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> isServed(server));

            assertThat(handshakes(server)).isEqualTo(2);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_refused_connections_total",
                                    "reason=\"handshake_limit\""))
                    .isPositive();
        }
    }

    private static boolean isServed(TurnServer server) throws Exception {
        try (RawTcpClient client = OnePortIT.tls(server)) {
            return client.mappedAddress() != null;
        }
    }

    private static double handshakes(TurnServer server) throws Exception {
        return Metrics.sum(server, "hairpin_limit_used", "limit=\"tls-handshakes\"");
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aClientOfTlsThatDoesNotReadLosesDataAndNothingElse(SocketKind kind) throws Exception {
        TestConfiguration small = TestConfiguration.loopback().tcpLimits(100, 64 << 10, LONG, LONG);
        try (TurnServer server = OnePort.plain().on(kind).rest(small).start();
                TestPeer peer = TestPeer.open(IPV4);
                RawTcpClient slow = OnePortIT.tls(server)) {
            InetSocketAddress relayed = slow.allocate();
            slow.channelBind(0x4000, peer.address());
            int sent = 0;
            while (sent < 60_000 && dropped(server) == 0) {
                for (int i = 0; i < 500; i++) {
                    peer.send(numbered(sent++), relayed);
                }
            }
            assertThat(dropped(server)).isPositive();

            int last = -1;
            for (int read = 0; last != Integer.MAX_VALUE; read++) {
                if (read % 100 == 0) { // one is bound to find room, now that somebody reads
                    peer.send(numbered(Integer.MAX_VALUE), relayed);
                }
                ByteBuffer frame = ByteBuffer.wrap(slow.readFrame());
                assertThat(ChannelData.channel(frame, 0)).isEqualTo(0x4000);
                int number = frame.getInt(ChannelData.HEADER_BYTES);
                assertThat(number).isGreaterThan(last);
                last = number;
            }
        }
    }

    @Test
    void connectionsThatPassHttpOnCountAsAllOthersDo() throws Exception {
        try (java.net.ServerSocket backend =
                        new java.net.ServerSocket(0, 1, TestConfiguration.LOOPBACK_4);
                TurnServer server =
                        OnePort.plain()
                                .rest(
                                        TestConfiguration.loopback()
                                                .tcpLimits(1, 64 << 10, LONG, LONG))
                                .backend(TestConfiguration.LOOPBACK_4, backend.getLocalPort())
                                .start();
                SSLSocket web = TestCertificate.over(RawTcpClient.connect(address(server)))) {
            web.getOutputStream().write("GET / HTTP".getBytes(StandardCharsets.US_ASCII));
            try (Socket accepted = backend.accept();
                    RawTcpClient second = new RawTcpClient(address(server))) {
                assertThat(accepted.isConnected()).isTrue();
                assertThat(second.isClosedByServer()).isTrue();
                OnePortIT.assertRefused(server, "connection_limit");
            }
        }
    }

    private static boolean takes(Socket connection) {
        try {
            connection.getOutputStream().write(0);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static double dropped(TurnServer server) throws Exception {
        return Metrics.sum(server, "hairpin_dropped_packets_total", "reason=\"client_queue_full\"");
    }

    private static byte[] numbered(int number) {
        return ByteBuffer.allocate(1001).putInt(number).array();
    }

    private static TurnServer start(Duration idle, Duration firstMessage, Duration handshake) {
        return OnePort.plain()
                .rest(limits(idle, firstMessage, handshake))
                .trusting("127.0.0.0/8")
                .start();
    }

    static TestConfiguration limits(Duration idle, Duration firstMessage, Duration handshake) {
        return TestConfiguration.loopback()
                .tcpLimits(1000, 64 << 10, idle, firstMessage)
                .limit("tls-handshake-timeout", handshake);
    }
}
