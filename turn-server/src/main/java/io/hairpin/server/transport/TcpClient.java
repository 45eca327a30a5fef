package io.hairpin.server.transport;

import io.hairpin.net.Datagram;
import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.StreamFraming;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// One client connected over TCP. What is sent to it in one turn of the event loop is gathered
/// and leaves in one piece.
public final class TcpClient extends ChannelInboundHandlerAdapter
        implements ClientLink, Outbox.Flushable {

    /// What a client needs of the shard whose event loop it is on.
    public record Surroundings(ClientInput input, Control control, Outbox outbox, Faults faults) {}

    private final FiveTuple tuple;
    private final TcpSettings settings;
    private final Surroundings shard;
    private final FrameDecoder decoder;
    private final Channel channel;
    private @Nullable DataPath path;
    private @Nullable ScheduledFuture<?> firstMessage;
    private @Nullable ByteBuf gathered;
    private final Datagram received = new Datagram();

    TcpClient(Channel channel, TcpSettings settings, Surroundings shard, FrameDecoder decoder) {
        this.channel = channel;
        tuple =
                new FiveTuple(
                        Transport.TCP,
                        (InetSocketAddress) channel.remoteAddress(),
                        (InetSocketAddress) channel.localAddress());
        this.settings = settings;
        this.shard = shard;
        this.decoder = decoder;
    }

    /// Lets data from the client take its path, or none.
    public void attach(@Nullable DataPath path) {
        this.path = path;
        decoder.trust(path != null);
    }

    /// Closes the connection, whatever has not been sent yet.
    public void disconnect() {
        channel.close();
    }

    @Override
    public int maxMessageBytes() {
        return StreamFraming.MAX_FRAME_BYTES;
    }

    @Override
    public boolean send(Datagram data) {
        ByteBuf room = roomFor(data.totalLength());
        if (room == null) {
            return false;
        }
        data.writeTo(room);
        return written(room, data.totalLength());
    }

    @Override
    public boolean send(StunMessage message) {
        ByteBuf room = roomFor(message.length());
        if (room == null) {
            return false;
        }
        message.writeTo(room.internalNioBuffer(room.writerIndex(), message.length()));
        room.writerIndex(room.writerIndex() + message.length());
        return written(room, message.length());
    }

    /// Where to write a message of so many bytes, or null if it has to be dropped. Whole messages
    /// only are, so that the client never loses track of where they begin.
    private @Nullable ByteBuf roomFor(int length) {
        int padded = ChannelData.paddedLength(length);
        if (unsentBytes() + padded > settings.writeQueueBytes()) {
            traffic().dropped(DropReason.CLIENT_QUEUE_FULL);
            return null;
        }
        if (gathered == null) {
            gathered = channel.alloc().directBuffer(padded);
        }
        return gathered.ensureWritable(padded);
    }

    /// A message of so many bytes was put behind what has been gathered.
    private boolean written(ByteBuf burst, int length) {
        int padded = ChannelData.paddedLength(length);
        burst.writeZero(padded - length);
        boolean first = burst.readableBytes() == padded;
        shard.outbox().queued(this, first);
        return true;
    }

    @Override
    public Traffic traffic() {
        return shard.input().traffic();
    }

    @Override
    public void flush() {
        if (gathered != null) {
            ByteBuf burst = gathered;
            gathered = null;
            channel.writeAndFlush(burst, channel.voidPromise());
        }
    }

    private long unsentBytes() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        long queued = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        return queued + (gathered == null ? 0 : gathered.readableBytes());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        firstMessage =
                context.executor()
                        .schedule(
                                (Runnable) context::close,
                                settings.firstMessage().toMillis(),
                                TimeUnit.MILLISECONDS);
        shard.control().connected(tuple, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf frame = (ByteBuf) message;
        try {
            if (firstMessage != null) {
                firstMessage.cancel(false);
                firstMessage = null;
            }
            received.wrap(frame);
            shard.input().received(received, tuple, path);
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (firstMessage != null) {
            firstMessage.cancel(false);
        }
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        shard.control().closed(tuple);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && path == null) {
            context.close();
        }
    }

    /// A connection that was reset, or a mistake of ours: either ends this connection alone.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            shard.faults().report("handling a TCP client", cause);
        }
        context.close();
    }
}
