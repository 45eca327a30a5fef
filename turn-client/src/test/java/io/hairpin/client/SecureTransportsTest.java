package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.tls.DTLSTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLSocket;

/// TLS and DTLS over real sockets; each test plays the server itself.
@Timeout(60)
class SecureTransportsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.5", 9);
    private static final SelfSigned SERVER = SelfSigned.of("127.0.0.1", "turn.example.org");
    private static final SelfSigned STRANGER = SelfSigned.of("127.0.0.1");
    private static final TlsOptions BELIEVING =
            TlsOptions.of(Trust.certificates(List.of(SERVER.certificate())));

    @Test
    void packetsTravelOverTls() throws Exception {
        try (TlsServer server = TlsServer.open(SERVER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            try (TurnClient client = TurnClient.tls(server.address(), BELIEVING);
                    SSLSocket socket = accepted.join()) {
                client.sendChannel(0x4000, new byte[] {7});
                socket.getOutputStream().write(data(60_000));

                assertThat(socket.getInputStream().readNBytes(8))
                        .containsExactly(0x40, 0, 0, 1, 7, 0, 0, 0);
                assertReceives(client, 60_000);
                assertThat(socket.getApplicationProtocol()).isEqualTo("stun.turn");
                assertThat(TlsServer.indicatedName(socket)).isEmpty();
                assertThat(client.localAddress().getPort()).isEqualTo(socket.getPort());
            }
        }
    }

    @Test
    void packetsTravelOverDtls() throws IOException {
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            try (TurnClient client = TurnClient.dtls(server.address(), BELIEVING)) {
                DTLSTransport session = accepted.join();
                client.sendChannel(0x4000, new byte[] {7});
                byte[] data = data(1200);
                session.send(data, 0, data.length);

                byte[] record = new byte[100];
                assertThat(session.receive(record, 0, record.length, 10_000)).isEqualTo(5);
                assertThat(record).startsWith(0x40, 0, 0, 1, 7);
                assertReceives(client, 1200);
            }
        }
    }

    @Test
    void theServerIsNamedAsTheCallerSays() throws Exception {
        try (TlsServer server = TlsServer.open(SERVER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            TlsOptions named = BELIEVING.withServerName("turn.example.org");
            try (TurnClient _ = TurnClient.tls(server.address(), named);
                    SSLSocket socket = accepted.join()) {
                assertThat(TlsServer.indicatedName(socket)).isEqualTo("turn.example.org");
            }
        }
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            TlsOptions named = BELIEVING.withServerName("turn.example.org");
            try (TurnClient _ = TurnClient.dtls(server.address(), named)) {
                assertThat(accepted).succeedsWithin(SOON);
            }
        }
    }

    @Test
    void aStrangersCertificateIsNotBelieved() throws Exception {
        assertNotBelieved(STRANGER, BELIEVING);
    }

    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws Exception {
        assertNotBelieved(SERVER, BELIEVING.withServerName("turn.example.com"));
        assertNotBelieved(SERVER, BELIEVING.withServerName("127.0.0.2"));
    }

    @Test
    void theAuthoritiesOfTheSystemDoNotVouchForASelfMadeCertificate() throws Exception {
        assertNotBelieved(SERVER, TlsOptions.of(Trust.systemAuthorities()));
    }

    @Test
    void whoeverWantsToBelievesAnybody() throws Exception {
        TlsOptions anybody =
                TlsOptions.of(Trust.anyServerInsecurely()).withServerName("turn.example.com");
        try (TlsServer server = TlsServer.open(STRANGER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            try (TurnClient _ = TurnClient.tls(server.address(), anybody)) {
                assertThat(accepted).succeedsWithin(SOON);
            }
        }
        try (DtlsServer server = DtlsServer.open(STRANGER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            try (TurnClient _ = TurnClient.dtls(server.address(), anybody)) {
                assertThat(accepted).succeedsWithin(SOON);
            }
        }
    }

    @Test
    void certificatesAreReadFromPemFiles(@TempDir Path folder) throws Exception {
        SERVER.writeTo(folder);
        Path file = folder.resolve(SelfSigned.CERTIFICATE_FILE);
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "no certificate");

        try (TlsServer server = TlsServer.open(SERVER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            TlsOptions believing = TlsOptions.of(Trust.pemFile(file));
            try (TurnClient _ = TurnClient.tls(server.address(), believing)) {
                assertThat(accepted).succeedsWithin(SOON);
            }
        }
        for (Path unusable : List.of(empty, nonsense, folder.resolve("missing.pem"))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Trust.pemFile(unusable))
                    .withMessageContaining(unusable.toString());
        }
    }

    @Test
    void aServerThatEndsTheConnectionEndsTheClient() throws Exception {
        try (TlsServer server = TlsServer.open(SERVER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            try (TurnClient client = TurnClient.tls(server.address(), BELIEVING)) {
                accepted.join().close();

                assertFails(() -> client.receive(SOON), Reason.CLOSED);
                assertFails(client::bind, Reason.CLOSED);
            }
        }
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            try (TurnClient client = TurnClient.dtls(server.address(), BELIEVING)) {
                accepted.join().close();

                assertFails(() -> client.receive(SOON), Reason.CLOSED);
                assertFails(client::bind, Reason.CLOSED);
            }
        }
    }

    @Test
    void aClientThatClosesTellsTheServer() throws Exception {
        try (TlsServer server = TlsServer.open(SERVER)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            TurnClient.tls(server.address(), BELIEVING).close();

            assertThat(accepted.join().getInputStream().read()).isNegative();
        }
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            TurnClient client = TurnClient.dtls(server.address(), BELIEVING);
            DTLSTransport session = accepted.join();
            client.close();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> receiveUntilTheEnd(session));
        }
    }

    @Test
    void aPacketTooLongForARecordIsRefusedAndTheSessionGoesOn() throws IOException {
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            try (TurnClient client = TurnClient.dtls(server.address(), BELIEVING)) {
                DTLSTransport session = accepted.join();

                assertFails(
                        () -> client.sendChannel(0x4000, new byte[1 << 14]), Reason.UNREACHABLE);
                client.sendChannel(0x4000, new byte[1]);

                assertThat(session.receive(new byte[100], 0, 100, 10_000)).isEqualTo(5);
            }
        }
    }

    @Test
    void requestsAreRepeatedOverDtlsUntilTheyAreAnswered() throws IOException {
        ClientOptions quick =
                ClientOptions.STANDARD.withRetransmission(
                        new Retransmission(Duration.ofMillis(20), 16, 16));
        try (DtlsServer server = DtlsServer.open(SERVER)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            try (TurnClient client = TurnClient.dtls(server.address(), BELIEVING, quick)) {
                DTLSTransport session = accepted.join();
                CompletableFuture<InetSocketAddress> bound =
                        CompletableFuture.supplyAsync(client::bind);
                request(session);
                StunMessage again = request(session);
                byte[] answer =
                        StunMessage.success(Method.BINDING, again.transactionId())
                                .with(Attributes.XOR_MAPPED_ADDRESS, PEER)
                                .build()
                                .toBytes();
                session.send(answer, 0, answer.length);

                assertThat(bound).succeedsWithin(SOON).isEqualTo(PEER);
            }
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        ClientOptions impatient =
                new ClientOptions(
                        Retransmission.STANDARD,
                        Duration.ofMillis(100),
                        SOON,
                        1,
                        new InetSocketAddress(0),
                        ClientOptions.STANDARD.random());
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket silent = new ServerSocket(0, 5, loopback);
                DatagramSocket mute = new DatagramSocket(0, loopback)) {
            InetSocketAddress tcp = (InetSocketAddress) silent.getLocalSocketAddress();
            InetSocketAddress udp = (InetSocketAddress) mute.getLocalSocketAddress();

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> TurnClient.tls(tcp, BELIEVING, impatient));
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> TurnClient.dtls(udp, BELIEVING, impatient));
        }
    }

    private static void assertNotBelieved(SelfSigned identity, TlsOptions tls)
            throws IOException, GeneralSecurityException {
        try (TlsServer server = TlsServer.open(identity)) {
            CompletableFuture<SSLSocket> accepted = server.accept();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> TurnClient.tls(server.address(), tls));
            assertThat(accepted).failsWithin(SOON);
        }
        try (DtlsServer server = DtlsServer.open(identity)) {
            CompletableFuture<DTLSTransport> accepted = server.accept();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> TurnClient.dtls(server.address(), tls));
            assertThat(accepted).failsWithin(SOON);
        }
    }

    private static StunMessage request(DTLSTransport session) throws IOException {
        byte[] record = new byte[1000];
        int length = session.receive(record, 0, record.length, 10_000);
        if (StunDecoder.decode(ByteBuffer.wrap(record, 0, length))
                instanceof Decoded.Message(StunMessage request)) {
            return request;
        }
        throw new AssertionError("not a request");
    }

    private static void receiveUntilTheEnd(DTLSTransport session) throws IOException {
        for (int i = 0; i < 2; i++) {
            session.receive(new byte[100], 0, 100, 10_000);
        }
    }

    private static void assertReceives(TurnClient client, int length) {
        assertThat(client.receive(SOON)).contains(Received.byIndication(PEER, new byte[length]));
    }

    private static void assertFails(ThrowingCallable call, Reason reason) {
        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(call)
                .extracting(ExchangeException::reason)
                .isEqualTo(reason);
    }

    private static byte[] data(int length) {
        return StunMessage.indication(Method.DATA, TransactionId.of(0, 1))
                .with(Attributes.XOR_PEER_ADDRESS, PEER)
                .with(Attributes.DATA, new byte[length])
                .build()
                .toBytes();
    }
}
