package io.hairpin.server;

import static io.hairpin.server.OnePortIT.address;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.server.tls.RawKeyClient;

import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.UDPTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Clients that know the server by its key (RFC 7250), and those that pretend to.
@Timeout(60)
class RawPublicKeyIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MTU = 1400;
    private static final int PATIENCE_MILLIS = 10_000;

    private static final String TRANSACTION = "2112a442000102030405060708090a0b";
    private static final byte[] BINDING = HexFormat.of().parseHex("00010000" + TRANSACTION);

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void overTlsTheyAreShownTheKeyAndServed(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).showingKeys().start()) {
            RawKeyClient client = new RawKeyClient("turn.example.org");

            assertServed(server, client);

            assertThat(client.isShownKey()).isTrue();
            String pin = pin(client);
            assertThat(server.describe()).anyMatch(line -> line.endsWith(pin));
        }
    }

    @Test
    void nobodyIsToPinAKeyThatIsMadeAtEachStart() {
        try (TurnServer server = OnePort.plain().showingKeys().start()) {
            assertThat(server.describe())
                    .contains("warning: a self-signed certificate has another key at each start");
        }
    }

    @Test
    void overDtlsTheyAreShownTheSameKeyAndServed() throws Exception {
        try (TurnServer server = OnePort.plain().showingKeys().start();
                DatagramSocket socket = new DatagramSocket()) {
            RawKeyClient client = RawKeyClient.overDtls("turn.example.org");
            socket.connect(Clients.address(server, Transport.DTLS, IPV4));

            DTLSTransport session =
                    new DTLSClientProtocol().connect(client, new UDPTransport(socket, MTU));
            session.send(BINDING, 0, BINDING.length);
            byte[] answer = new byte[session.getReceiveLimit()];
            int length = session.receive(answer, 0, answer.length, PATIENCE_MILLIS);
            session.close();

            assertAnswered(Arrays.copyOf(answer, length));
            assertThat(client.isShownKey()).isTrue();
            String pin = pin(client);
            assertThat(server.describe()).anyMatch(line -> line.endsWith(pin));
        }
    }

    @Test
    void aServerThatIsNotToldToShowsItsCertificate() throws Exception {
        try (TurnServer server = OnePort.plain().start()) {
            RawKeyClient client = new RawKeyClient("turn.example.org");

            assertServed(server, client);

            assertThat(client.isShownKey()).isFalse();
            assertThat(server.describe()).noneMatch(line -> line.contains("pin-sha256"));
        }
    }

    @Test
    void allOthersAreShownTheCertificateStill() throws Exception {
        try (TurnServer server = OnePort.plain().showingKeys().start();
                RawTcpClient client = OnePortIT.tls(server)) {
            assertThat(client.mappedAddress()).isNotNull();
        }
    }

    @Test
    void whoDoesNotFinishAHandshakeIsDisconnected() throws Exception {
        try (TurnServer server =
                        OnePort.plain()
                                .rest(SlowConnectionsIT.limits(LONG, LONG, SHORT))
                                .showingKeys()
                                .start();
                Socket connection = RawTcpClient.connect(address(server))) {
            connection
                    .getOutputStream()
                    .write(RawKeyClient.hello(new RawKeyClient("turn.example.org")));

            connection.getInputStream().readAllBytes(); // the server's part of it, until it closes
            OnePortIT.assertRefused(server, "handshake_timeout");
        }
    }

    @Test
    void whoLeavesAmidTheirHandshakesLeaveNothingBehind() throws Exception {
        byte[] hello = RawKeyClient.hello(new RawKeyClient("turn.example.org"));
        try (TurnServer server = OnePort.plain().showingKeys().start()) {
            for (int i = 0; i < 200; i++) {
                try (Socket connection = RawTcpClient.connect(address(server))) {
                    connection.setSoLinger(i % 2 == 0, 0); // half of them by a reset
                    connection.getOutputStream().write(hello);
                }
            }

            assertServed(server, new RawKeyClient("turn.example.org"));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Metrics.sum(
                                                            server,
                                                            "hairpin_limit_used",
                                                            "limit=\"tls-handshakes\""))
                                            .isZero());
        }
    }

    private static void assertServed(TurnServer server, RawKeyClient client) throws Exception {
        try (Socket connection = RawTcpClient.connect(address(server))) {
            TlsClientProtocol tls =
                    new TlsClientProtocol(
                            connection.getInputStream(), connection.getOutputStream());
            tls.connect(client);
            tls.getOutputStream().write(BINDING);
            assertAnswered(tls.getInputStream().readNBytes(BINDING.length));
            tls.close();
        }
    }

    private static void assertAnswered(byte[] answer) {
        String text = HexFormat.of().formatHex(answer);
        assertThat(text).startsWith("0101").contains(TRANSACTION);
    }

    private static String pin(RawKeyClient client) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(client.shown());
        return ": pin-sha256:" + Base64.getEncoder().encodeToString(hash);
    }
}
