package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.ConnectionAttempt;
import io.hairpin.client.DataConnection;
import io.hairpin.client.TurnException;
import io.hairpin.net.SocketKind;
import io.hairpin.server.TcpRelayServer.Allocated;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// TCP relays on real sockets (RFC 6062): connections in both directions, over TCP and TLS, without
/// loss and without anything piling up.
@Timeout(60)
class TcpRelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "NATIVE, TCP, IPV4",
        "NATIVE, TLS, IPV4",
        "NATIVE, TCP, IPV6",
        "NIO, TCP, IPV4",
        "NIO, TLS, IPV6"
    })
    void aClientConnectsToAPeerAndBytesGoBothWays(
            SocketKind kind, Transport transport, AddressFamily family) throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(kind);
                Allocated alice = server.allocate(transport, family);
                ServerSocket peer = listener(alice.relayed().getAddress())) {
            long id = alice.client().connect(address(peer), PATIENCE);

            try (Socket there = peer.accept();
                    DataConnection here = alice.bind(id)) {
                assertThat(there.getRemoteSocketAddress()).isEqualTo(alice.relayed());
                byte[] bytes = random(3_000_000);
                passes(bytes, here.output(), there.getInputStream());
                passes(bytes, there.getOutputStream(), here.input());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, TCP", "NATIVE, TLS", "NIO, TCP"})
    void aPeerConnectsToTheRelayAndWhatItSaysBeforeIsKept(SocketKind kind, Transport transport)
            throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(kind);
                Allocated alice = server.allocate(transport, IPV4)) {
            alice.client().createPermission(alice.relayed().getAddress());
            byte[] early = random(100_000);

            try (Socket there = connect(alice.relayed())) {
                there.getOutputStream().write(early);
                there.shutdownOutput();
                ConnectionAttempt attempt = attempt(alice);
                assertThat(attempt.peer()).isEqualTo(there.getLocalSocketAddress());
                try (DataConnection here = alice.bind(attempt.connectionId())) {
                    assertThat(here.input().readAllBytes()).isEqualTo(early);
                    if (transport == Transport.TCP) { // TLS has no half of an end
                        here.output().write(early);
                        here.endOutput();
                        assertThat(there.getInputStream().readAllBytes()).isEqualTo(early);
                    }
                }
            }
        }
    }

    @Test
    void bytesBehindTheRequestInTheSamePieceAreThePeers() throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4);
                ServerSocket peer = listener(alice.relayed().getAddress())) {
            long id = alice.client().connect(address(peer), PATIENCE);
            byte[] behind = random(1000);

            try (Socket there = peer.accept();
                    RawTcpClient here =
                            new RawTcpClient(
                                    Clients.address(server.server(), Transport.TCP, IPV4))) {
                there.getOutputStream().write(behind);
                assertThat(here.connectionBind(id, behind).messageClass())
                        .isEqualTo(MessageClass.SUCCESS_RESPONSE);
                assertThat(there.getInputStream().readNBytes(behind.length)).isEqualTo(behind);
                assertThat(here.readBytes(behind.length)).isEqualTo(behind);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void whoeverDoesNotReadMakesTheOtherWaitAndLosesNothing(Transport transport) throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(transport, IPV4);
                ServerSocket peer = listener(alice.relayed().getAddress())) {
            long id = alice.client().connect(address(peer), PATIENCE);

            try (Socket there = peer.accept();
                    DataConnection here = alice.bind(id)) {
                nothingPilesUp(there.getOutputStream(), here.input());
                nothingPilesUp(here.output(), there.getInputStream());
            }
        }
    }

    /// Writes on until nobody takes any more, which is long before all is written, and reads then.
    private static void nothingPilesUp(OutputStream from, InputStream to) throws Exception {
        byte[] piece = random(1 << 20);
        int pieces = 64;
        AtomicLong written = new AtomicLong();
        Thread writer =
                Thread.startVirtualThread(
                        () -> {
                            for (int i = 0; i < pieces; i++) {
                                write(from, piece);
                                written.incrementAndGet();
                            }
                        });
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> before.getAndSet(written.get()) == written.get());
        // What the system keeps for the four sockets of the way, and no more.
        assertThat(written.get()).isLessThan(pieces / 2);

        for (int i = 0; i < pieces; i++) {
            assertThat(Arrays.equals(to.readNBytes(piece.length), piece)).isTrue();
        }
        writer.join();
    }

    @Test
    void twoClientsReachEachOther() throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4);
                Allocated bob = server.allocate(Transport.TLS, IPV4)) {
            bob.client().createPermission(alice.relayed().getAddress());
            long id = alice.client().connect(bob.relayed(), PATIENCE);
            ConnectionAttempt attempt = attempt(bob);
            assertThat(attempt.peer()).isEqualTo(alice.relayed());

            try (DataConnection one = alice.bind(id);
                    DataConnection other = bob.bind(attempt.connectionId())) {
                byte[] bytes = random(500_000);
                passes(bytes, one.output(), other.input());
                passes(bytes, other.output(), one.input());
            }
        }
    }

    @Test
    void aPeerWithoutAPermissionIsTurnedAway() throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4);
                Socket there = connect(alice.relayed())) {
            assertThat(isClosed(there)).isTrue();
            assertThat(alice.client().connectionAttempt(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aPeerThatDoesNotListenGives447AndALowPort403() throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4)) {
            InetAddress host = alice.relayed().getAddress();
            InetSocketAddress nobody;
            try (ServerSocket gone = listener(host)) {
                nobody = address(gone);
            }

            refuses(alice, nobody, ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE);
            refuses(alice, new InetSocketAddress(host, 22), ErrorCode.FORBIDDEN);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SocketKind.class,
            names = {"NATIVE", "NIO"})
    void theEndOfTheAllocationClosesEverythingAndFreesThePort(SocketKind kind) throws Exception {
        try (TcpRelayServer server =
                TcpRelayServer.start(TestConfiguration.loopback().ports(20_100, 20_101), kind)) {
            for (int round = 0; round < 6; round++) {
                try (Allocated alice = allocateOnceAPortIsFree(server);
                        ServerSocket peer = listener(alice.relayed().getAddress())) {
                    long id = alice.client().connect(address(peer), PATIENCE);
                    long waiting = connectAgain(alice);
                    assertThat(waiting).isNotEqualTo(id);
                    try (Socket there = peer.accept();
                            DataConnection here = alice.bind(id)) {
                        alice.client().close();

                        assertThat(isClosed(there)).isTrue();
                        assertThat(isClosed(here.socket())).isTrue();
                    }
                }
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(
                            () ->
                                    Metrics.sum(
                                                    server.server(),
                                                    "hairpin_limit_used",
                                                    "limit=\"peer-connections\"")
                                            == 0);
        }
    }

    /// A connection that nobody ever binds.
    private static long connectAgain(Allocated alice) throws IOException {
        try (ServerSocket another = listener(alice.relayed().getAddress())) {
            return alice.client().connect(address(another), PATIENCE);
        }
    }

    /// The JDK frees a port some moments after its socket is closed.
    private static Allocated allocateOnceAPortIsFree(TcpRelayServer server) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreException(TurnException.class)
                .until(() -> server.allocate(Transport.TCP, IPV4), _ -> true);
    }

    @Test
    void eachSidesEndEndsTheOther() throws Exception {
        try (TcpRelayServer server = TcpRelayServer.start(SocketKind.best());
                Allocated alice = server.allocate(Transport.TCP, IPV4);
                ServerSocket peer = listener(alice.relayed().getAddress())) {
            long first = alice.client().connect(address(peer), PATIENCE);
            try (Socket there = peer.accept()) {
                alice.bind(first).close();
                assertThat(isClosed(there)).isTrue();
            }
            try (ServerSocket another = listener(alice.relayed().getAddress())) {
                long second = alice.client().connect(address(another), PATIENCE);
                Socket there = another.accept();
                try (DataConnection here = alice.bind(second)) {
                    there.close();
                    assertThat(isClosed(here.socket())).isTrue();
                }
            }
        }
    }

    @Test
    void withoutTheSettingThereAreNone() {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                var client = Clients.of(server, Transport.TCP, IPV4)) {
            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(() -> client.allocate(AllocateOptions.tcp()))
                    .matches(
                            refusal ->
                                    refusal.error().is(ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL));
        }
    }

    private static void refuses(Allocated alice, InetSocketAddress peer, ErrorCode code) {
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> alice.client().connect(peer, PATIENCE))
                .matches(refusal -> refusal.error().is(code));
    }

    private static ConnectionAttempt attempt(Allocated client) {
        return client.client().connectionAttempt(PATIENCE).orElseThrow();
    }

    private static void passes(byte[] bytes, OutputStream from, InputStream to) throws Exception {
        Thread writer = Thread.startVirtualThread(() -> write(from, bytes));
        assertThat(Arrays.equals(to.readNBytes(bytes.length), bytes)).isTrue();
        writer.join();
    }

    private static void write(OutputStream to, byte[] bytes) {
        try {
            to.write(bytes);
            to.flush();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static ServerSocket listener(InetAddress host) throws IOException {
        return new ServerSocket(0, 10, host);
    }

    private static InetSocketAddress address(ServerSocket listener) {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static Socket connect(InetSocketAddress relayed) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(relayed.getAddress(), 0));
        socket.connect(relayed, (int) PATIENCE.toMillis());
        return socket;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }
}
