package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// A flood of requests without credentials from hundreds of addresses, as one with forged sources
/// looks: it is answered no more than it may be, and counted, and a call by coturn's client goes on
/// meanwhile. The limits are those that hold where nothing is set.
class FloodIT {

    private static final int NETWORKS = 2;
    private static final int SOURCES = 100;
    private static final int PER_NETWORK = 1000;

    /// For each source; one after the other, so that all of them are past their share soon.
    private static final int ROUNDS = 250;

    /// How long the flood goes on at least, so that calls begin and end within it.
    private static final Duration FLOOD = Duration.ofSeconds(4);

    /// Between two rounds. What the sockets of the server have no room for would be lost before it
    /// sees it, and the packets of the call with it.
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void aFloodIsHeldBackAndCountedWhileACallGoesOn() throws Exception {
        try (ServerUnderTest server = ServerUnderTest.start(folder);
                EchoPeer peer = EchoPeer.start();
                Sources sources = Sources.open()) {
            Uclient uclient = Uclient.of(server, peer);
            InetSocketAddress listener =
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"), server.port("udp", "127.0.0.1"));
            long start = System.nanoTime();
            AtomicBoolean calling = new AtomicBoolean(true);
            CompletableFuture<Long> flood =
                    CompletableFuture.supplyAsync(
                            () -> sources.flood(listener, calling),
                            // The pool of all has one thread on two CPUs, and others need it.
                            task -> Thread.ofPlatform().name("flood").start(task));
            try {
                uclient.losesNothing(2);
                uclient.losesNothing(2, "-s");
                assertThat(stunclient(server)).contains("UDP reflexive addr: 127.0.0.1:");
            } finally {
                calling.set(false);
            }
            long sent = flood.get();
            double seconds = (System.nanoTime() - start) / 1e9;

            double perSource = dropped(server, "unauthenticated_per_source");
            double perNetwork = dropped(server, "unauthenticated_per_network");
            assertThat(sent).isGreaterThan(NETWORKS * SOURCES * ROUNDS);
            assertThat(perSource).isPositive();
            assertThat(perNetwork).isPositive();
            assertThat(perSource + perNetwork + dropped(server, "overrun"))
                    .isBetween(sent / 2.0, (double) sent);
            assertThat((double) sources.received())
                    .isPositive()
                    .isLessThan(NETWORKS * PER_NETWORK * (1 + seconds));
            server.awaitLog("Requests without credentials that got no answer", DEADLINE);
            server.assertUnharmed();
        }
    }

    private static double dropped(ServerUnderTest server, String reason) {
        return server.metric(
                "hairpin_dropped_packets_total", "transport=\"udp\"", "reason=\"" + reason + "\"");
    }

    private static String stunclient(ServerUnderTest server) {
        String port = String.valueOf(server.port("udp", "127.0.0.1"));
        return Program.run(List.of(Tool.STUNCLIENT.path(), "-p", port, "127.0.0.1"), DEADLINE)
                .output();
    }

    /// Sockets on as many loopback addresses, which Linux has all of.
    private record Sources(List<DatagramSocket> sockets) implements AutoCloseable {

        static Sources open() throws IOException {
            List<DatagramSocket> sockets = new ArrayList<>();
            for (int network = 0; network < NETWORKS; network++) {
                for (int host = 1; host <= SOURCES; host++) {
                    byte[] address = {127, 77, (byte) network, (byte) host};
                    DatagramSocket socket =
                            new DatagramSocket(
                                    new InetSocketAddress(InetAddress.getByAddress(address), 0));
                    socket.setReceiveBufferSize(1 << 20);
                    sockets.add(socket);
                }
            }
            return new Sources(sockets);
        }

        /// Sends in turn from all of them for as long as a call is on, and for a while at least;
        /// says how many.
        long flood(InetSocketAddress listener, AtomicBoolean calling) {
            byte[] binding =
                    StunMessage.request(Method.BINDING, TransactionId.of(1, 1)).build().toBytes();
            byte[] allocate =
                    StunMessage.request(Method.ALLOCATE, TransactionId.of(1, 2))
                            .with(Attributes.REQUESTED_TRANSPORT, 17)
                            .build()
                            .toBytes();
            long end = System.nanoTime() + FLOOD.toNanos();
            long due = System.nanoTime();
            long sent = 0;
            try {
                for (int round = 0;
                        round < ROUNDS || calling.get() || System.nanoTime() < end;
                        round++) {
                    byte[] request = round % 2 == 0 ? binding : allocate;
                    // The first of each network asks more often than its neighbours leave it.
                    for (int i = 0; i < sockets.size(); i++) {
                        int times = i % SOURCES == 0 ? 20 : 1;
                        for (int j = 0; j < times; j++) {
                            sockets.get(i)
                                    .send(new DatagramPacket(request, request.length, listener));
                            sent++;
                        }
                    }
                    due += PAUSE.toNanos();
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot flood", e);
            }
            return sent;
        }

        /// How many answers wait at all of them.
        long received() throws IOException {
            long received = 0;
            DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
            for (DatagramSocket socket : sockets) {
                socket.setSoTimeout(1);
                received += waiting(socket, packet);
            }
            return received;
        }

        private static long waiting(DatagramSocket socket, DatagramPacket packet)
                throws IOException {
            long waiting = 0;
            try {
                while (true) {
                    socket.receive(packet);
                    waiting++;
                }
            } catch (SocketTimeoutException _) {
                return waiting;
            }
        }

        @Override
        public void close() {
            sockets.forEach(DatagramSocket::close);
        }
    }
}
