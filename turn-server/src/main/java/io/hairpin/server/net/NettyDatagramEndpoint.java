package io.hairpin.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A datagram socket that is a Netty channel, and the one handler of that channel.
final class NettyDatagramEndpoint extends ChannelInboundHandlerAdapter
        implements DatagramEndpoint, Outbox.Flushable {

    /// The most datagrams that wait for a socket whose send buffer is full; more are dropped.
    private static final int MAX_UNSENT = 16;

    private final NettyTransport transport;
    private final DatagramChannel channel;
    private final Outbox outbox;
    private final DatagramHandler handler;
    private int unflushed;

    NettyDatagramEndpoint(
            NettyTransport transport,
            DatagramChannel channel,
            Outbox outbox,
            DatagramHandler handler) {
        this.transport = transport;
        this.channel = channel;
        this.outbox = outbox;
        this.handler = handler;
    }

    @Override
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        if (takes(datagram)) {
            channel.write(new DatagramPacket(datagram, to), channel.voidPromise());
            outbox.queued(this, unflushed++ == 0);
        }
    }

    /// The option is the socket's, so what was gathered before leaves first. Senders that ask for
    /// this probe a path; they are rare.
    @Override
    public void sendUnfragmented(ByteBuf datagram, InetSocketAddress to) {
        if (to.getAddress() instanceof Inet6Address) { // no router fragments IPv6
            send(datagram, to);
        } else if (takes(datagram)) {
            channel.flush();
            transport.dontFragment(channel, true);
            channel.writeAndFlush(new DatagramPacket(datagram, to), channel.voidPromise());
            transport.dontFragment(channel, false);
        }
    }

    private boolean takes(ByteBuf datagram) {
        // Netty takes an empty datagram for sent without sending it, and miscounts those around it.
        if (!datagram.isReadable() || isStuck()) {
            datagram.release();
            handler.unsent(1);
            return false;
        }
        return true;
    }

    @Override
    public void flush() {
        unflushed = 0;
        channel.flush();
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.close()
                .addListener(
                        _ ->
                                transport.whenPortsAreFree(
                                        channel.eventLoop(), () -> closed.complete(null)));
        return closed;
    }

    private boolean isStuck() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null || unsent.size() >= MAX_UNSENT;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            handler.received(this, ReceiveBuffers.withHeadroom(packet.content()), packet.sender());
        } finally {
            packet.release();
        }
    }

    /// A datagram could not be sent, or an error of an earlier one was reported; the socket
    /// remains good.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            handler.unsent(1);
        } else {
            handler.failed(cause);
        }
    }
}
