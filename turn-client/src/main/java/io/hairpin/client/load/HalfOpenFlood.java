package io.hairpin.client.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Keeps many connections of one kind half open: begins as many as are wanted, and another for each
/// that the server ends. Not thread-safe.
final class HalfOpenFlood {

    /// How often it is looked whether some are missing.
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// So that 10,000 take four seconds and no queue of connections overflows.
    private static final int BEGUN_PER_TICK = 25;

    /// What the server ends nobody is told over UDP, so after that long another port begins.
    private static final long UDP_LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final HalfOpen kind;
    private final int wanted;
    private final Bootstrap connections;
    private final Link.Opener udpLinks;
    private final RandomGenerator random;
    private final LongSupplier clock;
    private final byte[] tlsHello;
    private final Set<Channel> channels = new HashSet<>();
    private final Queue<Datagrams> datagrams = new ArrayDeque<>();
    private boolean closed;
    private long opening;
    private long begun;
    private long ended;
    private long answered;
    private long refused;

    /// @param wanted as many are half open at once
    /// @param connections opens TCP connections to the server
    HalfOpenFlood(
            HalfOpen kind,
            int wanted,
            Bootstrap connections,
            Link.Opener udpLinks,
            RandomGenerator random,
            LongSupplier clock) {
        this.kind = kind;
        this.wanted = wanted;
        this.connections = connections;
        this.udpLinks = udpLinks;
        this.random = random;
        this.clock = clock;
        this.tlsHello = kind == HalfOpen.TLS ? TlsHello.bytes() : new byte[0];
    }

    void tick() {
        if (closed) {
            return;
        }
        leaveOldOnes();
        for (int i = 0; i < BEGUN_PER_TICK && held() + opening < wanted; i++) {
            opening++;
            if (kind.isStream()) {
                connect();
            } else {
                udpLinks.open(new Datagrams(clock.getAsLong()));
            }
        }
    }

    HalfOpenCounts counts() {
        return new HalfOpenCounts(begun, held(), ended, answered, refused);
    }

    void close() {
        closed = true;
        List.copyOf(channels).forEach(Channel::close);
        datagrams.forEach(Datagrams::close);
        datagrams.clear();
    }

    private long held() {
        return (long) channels.size() + datagrams.size();
    }

    private void leaveOldOnes() {
        long now = clock.getAsLong();
        for (Datagrams first = datagrams.peek();
                first != null && now - first.sinceNanos > UDP_LIFE_NANOS;
                first = datagrams.peek()) {
            datagrams.remove().close();
        }
    }

    private void connect() {
        connections
                .clone()
                .handler(new Silence())
                .connect()
                .addListener(
                        connected -> {
                            opening--;
                            if (!connected.isSuccess()) {
                                refused++;
                            }
                        });
    }

    /// A TCP connection that nothing more is said on.
    private final class Silence extends ChannelInboundHandlerAdapter {

        private boolean heard;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (closed) {
                context.close();
                return;
            }
            begun++;
            channels.add(context.channel());
            if (tlsHello.length > 0) {
                context.writeAndFlush(Unpooled.wrappedBuffer(tlsHello));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (!heard) {
                heard = true;
                answered++;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (channels.remove(context.channel()) && !closed) {
                ended++;
            }
        }

        /// A connection that the server resets has ended, and no more is expected of it.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /// A UDP port that a handshake of DTLS is begun from.
    private final class Datagrams implements Link.Handler {

        private final long sinceNanos;
        private final DtlsHello hello = new DtlsHello(random);
        private @Nullable Link link;
        private boolean heard;

        Datagrams(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }

        @Override
        public void opened(Link opened) {
            opening--;
            if (closed) {
                opened.close();
                return;
            }
            begun++;
            link = opened;
            datagrams.add(this);
            opened.send(hello.first());
        }

        @Override
        public void notOpened(String why) {
            opening--;
            refused++;
        }

        @Override
        public void received(ByteBuffer bytes, int start, int length) {
            if (link == null || heard) {
                return;
            }
            heard = true;
            answered++;
            ByteBuffer second = hello.answerTo(bytes, start, length);
            if (second != null && kind == HalfOpen.DTLS_COOKIE) {
                link.send(second);
            }
        }

        @Override
        public void lost(String why) {}

        void close() {
            if (link != null) {
                link.close();
                link = null;
            }
        }
    }
}
