package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.DataConnection;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.TcpRelayServer.Allocated;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.SplittableRandom;

/// What passes where bandwidth is limited, on real sockets.
@Timeout(60)
class BandwidthIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// As slow as can be set. What passes at once is 64 KiB, then eight packets a second.
    private static final long SLOW = 8000;

    private static final int BURST = 0xFFFF;
    private static final int PACKET = 1000;
    private static final int PACKETS = 200;
    private static final int PACKETS_AT_ONCE = BURST / PACKET;

    /// What the last read brings has not been waited for.
    private static final Duration LEAST = Duration.ofMillis(2400);

    @ParameterizedTest
    @EnumSource(Transport.class)
    void datagramsBeyondTheBandwidthAreDroppedAndCounted(Transport transport) throws Exception {
        try (TurnServer server =
                        OnePort.plain().rest(TestConfiguration.loopback().bandwidth(SLOW)).start();
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, transport, IPV4)) {
            client.allocate(AllocateOptions.udp());
            client.channelBind(0x4000, peer.address());
            long start = System.nanoTime();
            for (int i = 0; i < PACKETS; i++) {
                client.sendChannel(0x4000, new byte[PACKET]);
            }

            await().atMost(PATIENCE).until(() -> relayed(server) + dropped(server) == PACKETS);
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(relayed(server)).isGreaterThanOrEqualTo(PACKETS_AT_ONCE);
            assertThat(relayed(server) * PACKET).isLessThanOrEqualTo(BURST + SLOW * seconds);
        }
    }

    private static double relayed(TurnServer server) throws IOException, InterruptedException {
        return Metrics.sum(server, "hairpin_relayed_packets_total", "direction=\"to_peer\"");
    }

    private static double dropped(TurnServer server) throws IOException, InterruptedException {
        return Metrics.sum(
                server, "hairpin_dropped_packets_total", "reason=\"allocation_bandwidth\"");
    }

    /// A megabit a second, 125,000 bytes, and as much at once: half a megabyte takes three seconds.
    @ParameterizedTest
    @CsvSource({"NATIVE, TCP", "NATIVE, TLS", "NIO, TCP"})
    void connectionsBeyondTheBandwidthWaitAndLoseNothing(SocketKind kind, Transport transport)
            throws Exception {
        byte[] bytes = new byte[500_000];
        new SplittableRandom(9).nextBytes(bytes);
        TestConfiguration limited = TestConfiguration.loopback().bandwidth(125_000);
        try (TcpRelayServer server = TcpRelayServer.start(limited, kind);
                Allocated alice = server.allocate(transport, IPV4);
                ServerSocket peer = new ServerSocket(0, 1, alice.relayed().getAddress())) {
            long id =
                    alice.client()
                            .connect((InetSocketAddress) peer.getLocalSocketAddress(), PATIENCE);
            try (Socket there = peer.accept();
                    DataConnection here = alice.bind(id)) {
                long start = System.nanoTime();
                passes(bytes, there.getOutputStream(), here.input());
                Duration down = Duration.ofNanos(System.nanoTime() - start);
                assertThat(down).isGreaterThan(LEAST);

                passes(bytes, here.output(), there.getInputStream());
                Duration both = Duration.ofNanos(System.nanoTime() - start);
                assertThat(both).isGreaterThan(LEAST.multipliedBy(2).plusSeconds(1));
            }
        }
    }

    private static void passes(byte[] bytes, OutputStream from, InputStream to) throws Exception {
        Thread writer = Thread.startVirtualThread(() -> write(from, bytes));

        assertThat(to.readNBytes(bytes.length)).isEqualTo(bytes);
        writer.join();
    }

    private static void write(OutputStream to, byte[] bytes) {
        try {
            to.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
