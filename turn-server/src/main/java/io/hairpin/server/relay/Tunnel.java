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
import java.util.function.IntConsumer;

/// Two connections that get what the other sends, byte for byte, and each other's end. They may be
/// on different event loops.
///
/// Nothing is read from one side while the other has not taken what was read before. So each
/// direction keeps what one read gave, and loses nothing. Neither channel may read by itself.
public final class Tunnel {

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
    /// @param counted is told how many bytes, on the event loop of `from`
    /// @param failed is told what broke, be it a mistake of ours or the other end's doing
    public ChannelHandler passage(Channel from, IntConsumer counted, Consumer<Throwable> failed) {
        return new Passage(from, from.equals(one) ? other : one, counted, failed);
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
        private final IntConsumer counted;
        private final Consumer<Throwable> failed;
        private int unwritten;
        private boolean inputEnded;

        Passage(Channel from, Channel to, IntConsumer counted, Consumer<Throwable> failed) {
            this.from = from;
            this.to = to;
            this.counted = counted;
            this.failed = failed;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            counted.accept(bytes.readableBytes());
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
            if (unwritten == 0 && !inputEnded && from.isActive()) {
                from.read();
            }
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
