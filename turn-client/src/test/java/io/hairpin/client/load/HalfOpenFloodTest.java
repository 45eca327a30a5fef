package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class HalfOpenFloodTest {

    private static final byte TLS_HANDSHAKE = 22;
    private static final byte DTLS_HANDSHAKE = 22;

    private final List<Port> ports = new ArrayList<>();
    private long now;

    @Test
    void asManyAreBegunAsAreWantedAndNoMore() {
        HalfOpenFlood flood = datagrams(HalfOpen.DTLS, 60);

        flood.tick();
        assertThat(ports).hasSizeBetween(1, 59);
        for (int i = 0; i < 10; i++) {
            flood.tick();
        }

        assertThat(ports).hasSize(60);
        assertThat(ports).allMatch(port -> port.sent.equals(List.of(DTLS_HANDSHAKE)));
        assertThat(flood.counts()).isEqualTo(new HalfOpenCounts(60, 60, 0, 0, 0));
    }

    @Test
    void thoseOfLongAgoAreReplaced() {
        HalfOpenFlood flood = datagrams(HalfOpen.DTLS, 2);
        flood.tick();
        now += TimeUnit.SECONDS.toNanos(11);

        flood.tick();

        assertThat(ports).extracting(port -> port.closed).containsExactly(true, true, false, false);
        assertThat(flood.counts().held()).isEqualTo(2);
    }

    @Test
    void aPortThatCannotBeHadIsCountedAndTriedAgain() {
        HalfOpenFlood flood =
                flood(HalfOpen.DTLS, 1, new Bootstrap(), handler -> handler.notOpened("none"));

        flood.tick();

        assertThat(flood.counts().refused()).isPositive();
        assertThat(flood.counts().held()).isZero();
    }

    @Test
    void nothingIsLeftOpen() {
        HalfOpenFlood flood = datagrams(HalfOpen.DTLS_COOKIE, 5);
        flood.tick();

        flood.close();
        flood.tick();

        assertThat(ports).hasSize(5).allMatch(port -> port.closed);
    }

    @Test
    void aConnectionSaysHelloAndIsReplacedWhenTheServerEndsIt() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
            Bootstrap connections =
                    new Bootstrap()
                            .group(group)
                            .channel(NioSocketChannel.class)
                            .remoteAddress(server.getLocalSocketAddress());
            HalfOpenFlood flood = flood(HalfOpen.TLS, 1, connections, _ -> {});

            group.submit(flood::tick).get();
            try (Socket first = server.accept()) {
                assertThat(first.getInputStream().read()).isEqualTo(TLS_HANDSHAKE);
                first.getOutputStream().write(1);
                await().until(() -> counts(group, flood).answered() == 1);
            }
            await().until(() -> counts(group, flood).ended() == 1);
            group.submit(flood::tick).get();
            try (Socket second = server.accept()) {
                assertThat(second.getInputStream().read()).isEqualTo(TLS_HANDSHAKE);
                await().until(() -> counts(group, flood).held() == 1);
                group.submit(flood::close).get();
                assertThat(second.getInputStream().readAllBytes()).isNotEmpty();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static HalfOpenCounts counts(EventLoopGroup group, HalfOpenFlood flood)
            throws Exception {
        return group.submit(flood::counts).get();
    }

    private HalfOpenFlood datagrams(HalfOpen kind, int wanted) {
        return flood(
                kind,
                wanted,
                new Bootstrap(),
                handler -> {
                    Port port = new Port();
                    ports.add(port);
                    handler.opened(port);
                });
    }

    private HalfOpenFlood flood(
            HalfOpen kind, int wanted, Bootstrap connections, Link.Opener links) {
        return new HalfOpenFlood(
                kind, wanted, connections, links, new SplittableRandom(1), () -> now);
    }

    /// A UDP port towards nobody.
    private static final class Port implements Link {

        final List<Byte> sent = new ArrayList<>();
        boolean closed;

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public void send(ByteBuffer bytes) {
            sent.add(bytes.get(0));
        }

        @Override
        public void request(ByteBuffer bytes) {
            throw new AssertionError("nothing is asked");
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
