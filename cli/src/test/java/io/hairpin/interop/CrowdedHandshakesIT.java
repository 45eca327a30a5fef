package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// As many TLS handshakes are left half open as may be under way: OpenSSL is served all the same,
/// each time in the place of the oldest.
class CrowdedHandshakesIT {

    private static final int CROWD = 100;
    private static final int NEWCOMERS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);

    /// The beginning of a ClientHello.
    private static final byte[] BEGUN = HexFormat.of().parseHex("1603010200010001fc0303");

    private static Authority authority;
    private static ServerUnderTest server;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        Tool.OPENSSL.path();
        authority = Authority.in(folder);
        server =
                ServerUnderTest.startSecure(
                        folder,
                        authority.forServer(),
                        Map.of(
                                "limits.tls-handshakes",
                                Integer.toString(CROWD),
                                "limits.tls-handshake-timeout",
                                "10m"));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whoLeavesHandshakesHalfOpenKeepsNobodyOut() throws IOException {
        Openssl openssl = Openssl.believing(authority);
        int port = server.port("tls", "127.0.0.1");
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < NEWCOMERS; i++) {
                while (crowd.size() < CROWD + i) {
                    SocketChannel half =
                            SocketChannel.open(
                                    new InetSocketAddress(
                                            InetAddress.ofLiteral("127.0.0.1"), port));
                    half.write(ByteBuffer.wrap(BEGUN));
                    crowd.add(half);
                }
                await(CROWD);
                connect(openssl, port);
            }
            assertThat(isOpen(crowd.getFirst())).as("the oldest").isFalse();
            assertThat(isOpen(crowd.getLast())).as("the latest").isTrue();
        } finally {
            for (SocketChannel each : crowd) {
                each.close();
            }
        }
        await(0);
        server.assertUnharmed();
    }

    /// The first to come may come too soon: then the oldest may be an honest one still.
    private static void connect(Openssl openssl, int port) {
        long start = System.nanoTime();
        while (openssl.connect(port).exitCode() != 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
        }
    }

    private static void await(int handshakes) {
        long start = System.nanoTime();
        while (server.metric("hairpin_limit_used", "limit=\"tls-handshakes\"") != handshakes) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static boolean isOpen(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException reset) {
            return false;
        }
    }
}
