package io.hairpin.server.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/// Passes what a TLS client says over HTTP on to the backend, and the answers back. Neither side is
/// read from while the other does not take what was read before.
final class HttpPassage extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(HttpPassage.class);

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Arrival arrival;
    private final InetSocketAddress address;
    private final Queue<ByteBuf> early = new ArrayDeque<>();
    private @Nullable Channel backend;
    private boolean inputEnded;

    HttpPassage(Arrival arrival, InetSocketAddress address) {
        this.arrival = arrival;
        this.address = address;
    }

    /// Nothing is read until the backend is there; what has been read already is kept.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arrival.settled();
        Channel client = context.channel();
        client.config().setAutoRead(false);
        new Bootstrap()
                .group(client.eventLoop())
                .channelFactory(new ReflectiveChannelFactory<>(client.getClass()))
                .resolver(BackgroundResolver.GROUP)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new Backend(client))
                .connect(address)
                .addListener((ChannelFuture connect) -> connected(context, connect));
    }

    private void connected(ChannelHandlerContext context, ChannelFuture connect) {
        Channel client = context.channel();
        if (!connect.isSuccess()) {
            log.debug("The HTTP backend {} cannot be reached", address, connect.cause());
            if (client.isActive()) {
                context.pipeline().addLast(HttpAnswer.badGateway(arrival));
                context.pipeline().remove(this);
                client.config().setAutoRead(true);
            }
            return;
        }
        Channel there = connect.channel();
        backend = there;
        if (!client.isActive()) {
            there.close();
            return;
        }
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            there.write(bytes, there.voidPromise());
        }
        there.flush();
        if (inputEnded) {
            endOutput(there);
        }
        there.config().setAutoRead(client.isWritable());
        client.config().setAutoRead(there.isWritable());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (backend == null) {
            early.add((ByteBuf) message);
        } else {
            backend.write(message, backend.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (backend != null) {
            backend.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (backend != null) {
            backend.config().setAutoRead(context.channel().isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (backend != null) {
                endOutput(backend);
            }
        } else if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    /// Says that no more will come, once all that has come is sent; the rest of the answer may
    /// still follow.
    private static void endOutput(Channel backend) {
        backend.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> ((DuplexChannel) backend).shutdownOutput());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (backend != null) {
            closeAfterFlush(backend);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            bytes.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        arrival.failed(cause);
    }

    private static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /// The other end, which sends answers.
    private final class Backend extends ChannelInboundHandlerAdapter {

        private final Channel client;

        Backend(Channel client) {
            this.client = client;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            client.write(message, client.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            client.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            client.config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            closeAfterFlush(client);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!RemoteFault.is(cause)) {
                arrival.failed(cause);
            }
            context.close();
        }
    }
}
