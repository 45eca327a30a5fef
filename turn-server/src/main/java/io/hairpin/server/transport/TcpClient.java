package io.hairpin.server.transport;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.StreamFraming;
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

    TcpClient(Channel channel, TcpSettings settings, Surroundings shard, FrameDecoder decoder) {
        this.channel = channel;
        this.tuple = shard.input().tuple((InetSocketAddress) channel.remoteAddress());
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

    /// Whole messages only are dropped, so that the client never loses track of where they begin.
    @Override
    public boolean send(ByteBuf message) {
        try {
            int length = message.readableBytes();
            int padded = ChannelData.paddedLength(length);
            if (unsentBytes() + padded > settings.writeQueueBytes()) {
                traffic().dropped(DropReason.CLIENT_QUEUE_FULL);
                return false;
            }
            boolean first = gathered == null;
            if (gathered == null) {
                gathered = channel.alloc().directBuffer(padded);
            }
            gathered.writeBytes(message).writeZero(padded - length);
            shard.outbox().queued(this, first);
            return true;
        } finally {
            message.release();
        }
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
            shard.input().received(frame, tuple.client(), path);
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
