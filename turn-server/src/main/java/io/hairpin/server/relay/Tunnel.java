package io.hairpin.server.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Two connections that get what the other sends, byte for byte, and each other's end. They may be
/// on different event loops.
///
/// Nothing is read from one side while the other has not taken what was read before. So each
/// direction keeps what one read gave, and loses nothing. Neither channel may read by itself.
public final class Tunnel {

    /// A connection that ends meanwhile is remembered for so long at most.
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Channel one;
    private final Channel other;
    private final long patienceMillis;

    /// The directions in which something may still come.
    private final AtomicInteger open = new AtomicInteger(2);

    private volatile boolean moved;

    /// @param patience how long nothing may move once one side has ended, before both are closed
    public Tunnel(Channel one, Channel other, Duration patience) {
        this.one = one;
        this.other = other;
        patienceMillis = patience.toMillis();
    }

    /// What passes on all that `from` receives; for the end of its pipeline.
    ///
    /// @param toll is asked when to read on; whoever sends waits meanwhile
    /// @param failed is told what broke, be it a mistake of ours or the other end's doing
    public ChannelHandler passage(Channel from, Toll toll, Consumer<Throwable> failed) {
        return new Passage(from, from.equals(one) ? other : one, toll, failed);
    }

    /// Closes both.
    void abandon() {
        one.close();
        other.close();
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            abandon();
        } else {
            watch();
        }
    }

    /// From one side's end on somebody has to move, or else whoever neither reads nor closes would
    /// keep both connections for good.
    private void watch() {
        if (one.eventLoop().isShuttingDown()) {
            return; // which closes all there is
        }
        moved = false;
        Future<?> timer =
                one.eventLoop().schedule(this::closeIfIdle, patienceMillis, TimeUnit.MILLISECONDS);
        ChannelFutureListener over =
                _ -> {
                    if (!one.isOpen() && !other.isOpen()) {
                        timer.cancel(false);
                    }
                };
        one.closeFuture().addListener(over);
        other.closeFuture().addListener(over);
    }

    private void closeIfIdle() {
        if (moved) {
            watch();
        } else {
            abandon();
        }
    }

    /// Says that no more will come, once all that has come is sent. The other direction goes on,
    /// unless it is TLS: there an end is one of both.
    private static void endOutput(Channel channel, Runnable then) {
        ChannelFuture sent = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (channel.pipeline().get(SslHandler.class) == null) {
            sent.addListener(
                    _ -> ((DuplexChannel) channel).shutdownOutput().addListener(_ -> then.run()));
        } else {
            sent.addListener(_ -> channel.close().addListener(_ -> then.run()));
        }
    }

    /// One direction.
    private final class Passage extends ChannelInboundHandlerAdapter {

        private final Channel from;
        private final Channel to;
        private final Toll toll;
        private final Consumer<Throwable> failed;
        private int unwritten;
        private boolean inputEnded;
        private boolean isPausing;

        Passage(Channel from, Channel to, Toll toll, Consumer<Throwable> failed) {
            this.from = from;
            this.to = to;
            this.toll = toll;
            this.failed = failed;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            toll.read(bytes.readableBytes());
            unwritten++;
            to.write(bytes).addListener((ChannelFuture write) -> onLoop(() -> written(write)));
        }

        /// Runs on the loop of `from`.
        private void onLoop(Runnable then) {
            if (from.eventLoop().inEventLoop()) {
                then.run();
            } else {
                from.eventLoop().execute(then);
            }
        }

        private void written(ChannelFuture write) {
            unwritten--;
            moved = true;
            if (!write.isSuccess()) {
                from.close();
            } else {
                readOn();
            }
        }

        private void readOn() {
            if (unwritten > 0 || inputEnded || isPausing || !from.isActive()) {
                return;
            }
            long pauseNanos = toll.pauseNanos();
            if (pauseNanos == 0) {
                from.read();
            } else if (!from.eventLoop().isShuttingDown()) {
                isPausing = true;
                from.eventLoop()
                        .schedule(
                                this::pauseOver,
                                Math.min(pauseNanos, LONGEST_PAUSE_NANOS),
                                TimeUnit.NANOSECONDS);
            }
        }

        private void pauseOver() {
            isPausing = false;
            moved = true;
            readOn();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            to.flush();
            readOn();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            boolean ends =
                    event instanceof SslCloseCompletionEvent
                            || event instanceof ChannelInputShutdownEvent;
            if (ends && !inputEnded) {
                inputEnded = true;
                endOutput(to, Tunnel.this::ended);
            } else if (event instanceof IdleStateEvent) {
                from.close();
            }
        }

        /// What has been read still gets where it was to go.
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            if (to.isOpen()) {
                watch();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed.accept(cause);
            from.close();
        }
    }
}
