package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/// The two transports over real sockets; each test plays the server itself.
@Timeout(60)
class SocketTransportsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.5", 9);
    private static final InetSocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void framesAreFoundHoweverTheStreamIsCut() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK.getAddress());
                TurnClient client = TurnClient.tcp(address(listener));
                Socket server = listener.accept()) {
            server.setTcpNoDelay(true);
            OutputStream out = server.getOutputStream();
            byte[] first = data(1, 5);
            byte[] second = data(2, 60_000);

            for (byte octet : first) {
                out.write(octet);
                out.flush();
            }
            out.write(join(first, second, first));

            assertReceives(client, 5);
            assertReceives(client, 5);
            assertReceives(client, 60_000);
            assertReceives(client, 5);
        }
    }

    @Test
    void streamThatIsNoStunEndsTheConnection() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK.getAddress());
                TurnClient client = TurnClient.tcp(address(listener));
                Socket server = listener.accept()) {
            server.getOutputStream().write(new byte[] {-1, 0, 0, 0});

            assertFails(() -> client.receive(SOON), Reason.CLOSED);
            assertFails(() -> client.send(PEER, new byte[1]), Reason.CLOSED);
        }
    }

    @Test
    void serverThatClosesFailsTheRequestUnderWay() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK.getAddress());
                TurnClient client = TurnClient.tcp(address(listener))) {
            listener.accept().close();

            assertFails(client::bind, Reason.CLOSED);
        }
    }

    @Test
    void channelDataIsPaddedOnAStreamAlone() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK.getAddress());
                TurnClient client = TurnClient.tcp(address(listener));
                Socket server = listener.accept()) {
            client.sendChannel(0x4000, new byte[] {7});

            assertThat(server.getInputStream().readNBytes(8))
                    .containsExactly(0x40, 0, 0, 1, 7, 0, 0, 0);
        }
        try (DatagramChannel server = DatagramChannel.open().bind(LOOPBACK);
                TurnClient client = TurnClient.udp(address(server))) {
            client.sendChannel(0x4000, new byte[] {7});

            ByteBuffer datagram = ByteBuffer.allocate(100);
            server.receive(datagram);
            assertThat(datagram.position()).isEqualTo(5);
        }
    }

    @Test
    void serverThatDoesNotReadFailsTheSenderInTime() throws IOException {
        ClientOptions impatient =
                new ClientOptions(
                        Retransmission.STANDARD,
                        SOON,
                        Duration.ofMillis(50),
                        1,
                        new InetSocketAddress(0),
                        ClientOptions.STANDARD.random());
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK.getAddress());
                TurnClient client = TurnClient.tcp(address(listener), impatient);
                Socket _ = listener.accept()) {
            byte[] much = new byte[60_000];

            assertFails(() -> sendForEver(client, much), Reason.UNREACHABLE);
        }
    }

    @Test
    void closedClientGivesItsPortBack() throws IOException {
        try (DatagramChannel server = DatagramChannel.open().bind(LOOPBACK)) {
            TurnClient first = TurnClient.udp(address(server));
            first.close();

            ClientOptions samePort = ClientOptions.STANDARD.withLocal(first.localAddress());
            try (TurnClient second = TurnClient.udp(address(server), samePort)) {
                assertThat(second.localAddress()).isEqualTo(first.localAddress());
            }
        }
    }

    @Test
    void udpServerThatIsNotThereIsFoundOutAtOnce() throws IOException {
        // A connected socket keeps the port, and lets the kernel refuse everybody else.
        try (DatagramChannel other = DatagramChannel.open().bind(LOOPBACK);
                DatagramChannel occupied = DatagramChannel.open().bind(LOOPBACK);
                TurnClient client = TurnClient.udp(address(occupied))) {
            occupied.connect(other.getLocalAddress());

            assertFails(client::bind, Reason.UNREACHABLE);
        }
    }

    @Test
    void datagramsOfAnybodyElseAreNotTaken() throws IOException {
        try (DatagramChannel server = DatagramChannel.open().bind(LOOPBACK);
                DatagramChannel stranger = DatagramChannel.open().bind(LOOPBACK);
                TurnClient client = TurnClient.udp(address(server))) {
            stranger.send(ByteBuffer.wrap(data(1, 1)), client.localAddress());
            server.send(ByteBuffer.wrap(data(2, 2)), client.localAddress());

            assertReceives(client, 2);
        }
    }

    @Test
    void udpReachesServersOnIpv6() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("::1");
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "no IPv6 here");
        try (DatagramChannel server =
                        DatagramChannel.open(StandardProtocolFamily.INET6)
                                .bind(new InetSocketAddress(loopback, 0));
                TurnClient client = TurnClient.udp(address(server))) {
            server.send(ByteBuffer.wrap(data(2, 3)), client.localAddress());

            assertReceives(client, 3);
        }
    }

    @Test
    void interruptedCallerIsToldAndStaysInterrupted() throws IOException {
        try (DatagramChannel server = DatagramChannel.open().bind(LOOPBACK)) {
            TurnClient client = TurnClient.udp(address(server));

            Thread.currentThread().interrupt();
            assertFails(() -> client.receive(SOON), Reason.INTERRUPTED);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertFails(client::bind, Reason.INTERRUPTED);
            assertThatNoException().isThrownBy(client::close);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void serverWithoutAnAddressIsRefused() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("turn.invalid", 3478);

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> TurnClient.udp(nowhere));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> TurnClient.tcp(nowhere));
    }

    private static void sendForEver(TurnClient client, byte[] data) {
        while (true) {
            client.sendChannel(0x4000, data);
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

    private static byte[] data(int id, int length) {
        return StunMessage.indication(Method.DATA, TransactionId.of(0, id))
                .with(Attributes.XOR_PEER_ADDRESS, PEER)
                .with(Attributes.DATA, new byte[length])
                .build()
                .toBytes();
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(200_000);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] joined = new byte[all.position()];
        all.get(0, joined);
        return joined;
    }

    private static InetSocketAddress address(ServerSocket listener) {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static InetSocketAddress address(DatagramChannel channel) throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }
}
