package io.hairpin.net;

import io.hairpin.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A datagram socket that is a Netty channel, and the one handler of that channel.
final class NettyDatagramEndpoint extends ChannelInboundHandlerAdapter
        implements DatagramEndpoint, Outbox.Flushable {

    /// The most datagrams that wait for a socket whose send buffer is full; more are dropped.
    private static final int MAX_UNSENT = 16;

    private final SocketKind kind;
    private final DatagramChannel channel;
    private final Outbox outbox;
    private final DatagramHandler handler;
    private final Datagram received = new Datagram();
    private int unflushed;

    NettyDatagramEndpoint(
            SocketKind kind, DatagramChannel channel, Outbox outbox, DatagramHandler handler) {
        this.kind = kind;
        this.channel = channel;
        this.outbox = outbox;
        this.handler = handler;
    }

    @Override
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public SocketBuffers buffers() {
        return kind.buffers(channel);
    }

    @Override
    public void send(Datagram datagram, long high, long low, int port) {
        if (takes(datagram)) {
            InetSocketAddress to = TransportAddress.socketAddress(high, low, port);
            channel.write(new DatagramPacket(content(datagram), to), channel.voidPromise());
            outbox.queued(this, unflushed++ == 0);
        }
    }

    /// The option is the socket's, so what was gathered before leaves first. Senders that ask for
    /// this probe a path; they are rare.
    @Override
    public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
        if (takes(datagram)) {
            boolean isIpv4 = TransportAddress.isIpv4(high, low);
            InetSocketAddress to = TransportAddress.socketAddress(high, low, port);
            channel.flush();
            kind.fragment(channel, isIpv4, false);
            channel.writeAndFlush(new DatagramPacket(content(datagram), to), channel.voidPromise());
            kind.fragment(channel, isIpv4, true);
        }
    }

    private boolean takes(Datagram datagram) {
        // Netty takes an empty datagram for sent without sending it, and miscounts those around it.
        if (datagram.totalLength() == 0 || isStuck()) {
            handler.unsent(1);
            return false;
        }
        return true;
    }

    /// What arrived here leaves in the buffer it came in, its header in the headroom; all else is
    /// copied.
    private ByteBuf content(Datagram datagram) {
        ByteBuf owner = datagram.owner();
        if (owner != null && ReceiveBuffers.hasHeadroom(owner)) {
            int end = datagram.start() + datagram.length();
            owner.setZero(end, datagram.padding());
            return owner.setIndex(datagram.headStart(), end + datagram.padding()).retain();
        }
        ByteBuf copy = channel.alloc().directBuffer(datagram.totalLength());
        datagram.writeTo(copy);
        return copy;
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
                                kind.whenPortsAreFree(
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
            ByteBuf whole = ReceiveBuffers.withHeadroom(packet.content());
            int start = whole.readerIndex();
            ByteBuffer bytes = whole.internalNioBuffer(0, whole.capacity());
            received.set(bytes, start, whole.readableBytes(), start);
            received.own(whole);
            InetSocketAddress from = packet.sender();
            received.from(
                    TransportAddress.high(from.getAddress()),
                    TransportAddress.low(from.getAddress()),
                    from.getPort());
            handler.received(this, received);
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
