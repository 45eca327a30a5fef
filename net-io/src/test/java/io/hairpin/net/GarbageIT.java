package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// The native sockets make no garbage.
@Timeout(120)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class GarbageIT {

    private static final int BURST = 20;

    private static final int BURSTS = 200;

    /// Garbage that comes with each datagram is in every window; what comes of compiling is not.
    private static final int WINDOWS = 10;

    /// Less than a tenth of a byte for each datagram.
    private static final long MAX_BYTES = BURSTS * BURST / 10;

    private static final PathSignals EVERYTHING = new PathSignals(true, true, true);

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0"})
    void relayingMakesNone(String host) throws Exception {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        if (datagram.countDown()) {
                            datagram.narrow(datagram.start() + 4, datagram.length() - 4);
                            datagram.bytes().putInt(datagram.prepend(4), 0x40000000);
                            Networks.answer(on, datagram);
                        }
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetSocketAddress bound = new InetSocketAddress(InetAddress.ofLiteral(host), 0);
        Spec spec = new Spec(bound, PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT, EVERYTHING);
        int port = on.open(spec, echo).localAddress().getPort();
        InetAddress target =
                bound.getAddress().isAnyLocalAddress() ? Networks.LOOPBACK : bound.getAddress();
        long loop = on.call(() -> Thread.currentThread().threadId());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DatagramChannel client = DatagramChannel.open()) {
            client.connect(new InetSocketAddress(target, port));
            long least = Long.MAX_VALUE;
            for (int i = 0; i < WINDOWS; i++) {
                long before = threads.getThreadAllocatedBytes(loop);
                exchange(client);
                least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
            }

            assertThat(least).as("for %d datagrams", BURSTS * BURST).isLessThan(MAX_BYTES);
        }
    }

    private static void exchange(DatagramChannel client) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(200);
        for (int i = 0; i < BURSTS; i++) {
            for (int j = 0; j < BURST; j++) {
                client.write(bytes.clear());
            }
            for (int j = 0; j < BURST; j++) {
                client.read(bytes.clear());
            }
        }
    }
}
