package io.hairpin.client.load;

import io.hairpin.net.IoLoop;
import io.hairpin.net.Outbox;
import io.hairpin.net.SocketKind;
import io.hairpin.stun.StreamFraming;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLException;

/// A TCP connection between a client and the server (RFC 8656 §3.1), be it with TLS or without. All
/// that is sent in one turn of the event loop goes through TLS in one piece.
final class TcpLink extends ChannelInboundHandlerAdapter implements Link, Outbox.Flushable {

    private static final int CONNECT_TIMEOUT_MILLIS = 20_000;

    private final Handler handler;
    private final Outbox outbox;
    private final SocketFaults faults;
    private final @Nullable TlsLayer tls;
    private @Nullable Channel channel;

    /// What was sent in this turn of the event loop.
    private @Nullable ByteBuf gathered;

    /// The beginning of a frame whose end has not arrived.
    private @Nullable ByteBuf unfinished;

    private boolean opened;
    private boolean closed;

    private TcpLink(Handler handler, Outbox outbox, SocketFaults faults, @Nullable TlsLayer tls) {
        this.handler = handler;
        this.outbox = outbox;
        this.faults = faults;
        this.tls = tls;
    }

    /// Opens connections to one server on one event loop.
    ///
    /// @param tls what they are secured by, if they are
    record Opener(
            SocketKind kind,
            IoLoop loop,
            InetAddress local,
            InetSocketAddress server,
            SocketFaults faults,
            @Nullable TlsLayer tls)
            implements Link.Opener {

        @Override
        public void open(Handler handler) {
            TcpLink link = new TcpLink(handler, loop.outbox(), faults, tls);
            connections()
                    .handler(link)
                    .connect()
                    .addListener(connected -> link.connected(connected.cause()));
        }

        /// Connects to the server, once it is said what handles a connection.
        Bootstrap connections() {
            return new Bootstrap()
                    .group(loop.loop())
                    .channelFactory(channels())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                    .localAddress(new InetSocketAddress(local, 0))
                    .remoteAddress(server);
        }

        private ChannelFactory<Channel> channels() {
            return switch (kind) {
                case NATIVE, EPOLL -> EpollSocketChannel::new;
                case NIO -> NioSocketChannel::new;
            };
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        if (tls != null) {
            context.pipeline()
                    .addBefore(context.name(), null, tls.handler(context.channel().alloc()));
        }
    }

    private void connected(@Nullable Throwable failure) {
        if (failure != null) {
            refused("no connection: " + reason(failure));
        } else if (tls == null) {
            opened();
        }
    }

    /// Without the addresses, so that equal failures count as such.
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int colon = message.indexOf(": ");
        return colon < 0 ? message : message.substring(0, colon);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (tls != null && event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                tls.completed(context.pipeline().get(SslHandler.class));
                opened();
            } else {
                refused(TlsLayer.reason(handshake.cause()));
            }
        }
    }

    /// Netty would only log what is thrown to it here.
    private void opened() {
        try {
            opened = true;
            handler.opened(this);
        } catch (RuntimeException mistake) {
            faults.mistake(mistake);
        }
    }

    private void refused(String why) {
        if (!opened && !closed) {
            closed = true;
            open().close();
            handler.notOpened(why);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
    }

    @Override
    public boolean reliable() {
        return true;
    }

    @Override
    public void send(ByteBuffer bytes) {
        if (open().isWritable()) {
            gather(open(), bytes);
        } else {
            faults.unsent(1);
        }
    }

    @Override
    public void request(ByteBuffer bytes) {
        gather(open(), bytes);
    }

    private void gather(Channel open, ByteBuffer bytes) {
        ByteBuf target = gathered;
        boolean first = target == null;
        if (target == null) {
            target = open.alloc().directBuffer(bytes.remaining());
            gathered = target;
        }
        int position = bytes.position();
        target.writeBytes(bytes);
        bytes.position(position);
        outbox.queued(this, first);
    }

    @Override
    public void flush() {
        ByteBuf ready = gathered;
        if (ready != null) {
            gathered = null;
            open().writeAndFlush(ready, open().voidPromise());
        }
    }

    @Override
    public void close() {
        closed = true;
        flush();
        open().close();
    }

    private Channel open() {
        if (channel == null) {
            throw new IllegalStateException("the link is not open yet");
        }
        return channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = unfinished;
        if (before != null) {
            before.writeBytes(in);
            in.release();
            in = before;
            unfinished = null;
        }
        try {
            handOn(in);
            if (in.isReadable() && !closed) {
                unfinished = context.alloc().buffer(in.readableBytes()).writeBytes(in);
            }
        } finally {
            in.release();
        }
    }

    private void handOn(ByteBuf in) {
        ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
        int at = bytes.position();
        int end = bytes.limit();
        bytes.clear();
        while (!closed) {
            int frame = StreamFraming.frameLength(bytes, at, end - at);
            if (frame == StreamFraming.NEED_MORE) {
                return;
            }
            if (frame == StreamFraming.INVALID) {
                lose("the server sent what is no frame");
                return;
            }
            handler.received(bytes, at, frame);
            at += frame;
            in.skipBytes(frame);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose("the server closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            lose("the connection broke");
        } else if (cause instanceof DecoderException broken
                && broken.getCause() instanceof SSLException) {
            lose("the server broke TLS");
        } else {
            faults.mistake(cause);
        }
    }

    private void lose(String why) {
        if (!opened) {
            refused(why);
        } else if (!closed) {
            close();
            handler.lost(why);
        }
    }
}
