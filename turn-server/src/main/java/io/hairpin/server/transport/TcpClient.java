package io.hairpin.server.transport;

import io.hairpin.net.Datagram;
import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.core.ConnectionId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.PeerStreams;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.StreamFraming;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

import org.jspecify.annotations.Nullable;

/// One client connected over TCP, or over TLS on it. What is sent to it in one turn of the event
/// loop leaves in one piece. Over TLS each message is a record of its own, as other servers have
/// it: coturn's client, for one, looks for a single message in a record and loses all others.
public final class TcpClient extends ChannelInboundHandlerAdapter
        implements ConnectedClient, Outbox.Flushable {

    /// What a client needs of the shard whose event loop it is on.
    ///
    /// @param plain where what comes over TCP alone goes
    /// @param encrypted where what comes over TLS goes
    public record Surroundings(
            ClientInput plain,
            ClientInput encrypted,
            Control control,
            Outbox outbox,
            Faults faults) {

        ClientInput input(Transport transport) {
            return transport == Transport.TLS ? encrypted : plain;
        }
    }

    private final FiveTuple tuple;
    private final int writeQueueBytes;
    private final Surroundings shard;
    private final ClientInput input;
    private final FrameDecoder decoder;
    private final Channel channel;
    private final String serverName;
    private @Nullable Arrival arrival;
    private @Nullable ClientPath path;
    private @Nullable ByteBuf gathered;
    private boolean unflushed;
    private final Datagram received = new Datagram();

    TcpClient(Arrival arrival, FrameDecoder decoder) {
        this.arrival = arrival;
        this.decoder = decoder;
        channel = arrival.channel();
        serverName = arrival.serverName();
        tuple = arrival.tuple();
        writeQueueBytes = arrival.settings().writeQueueBytes();
        shard = arrival.shard();
        input = shard.input(arrival.transport());
    }

    @Override
    public void attach(@Nullable ClientPath path) {
        this.path = path;
        decoder.trust(path != null);
    }

    @Override
    public String serverName() {
        return serverName;
    }

    @Override
    public void disconnect() {
        channel.close();
    }

    /// Joins this connection with a peer's (RFC 6062 §5.4). There is no client on it any more: what
    /// it brings, from behind the message that is being handled on, is the peer's.
    public void join(PeerStreams peers, ConnectionId id) {
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        flush(); // the answer, which comes before what the peer has sent
        ChannelHandler passage = peers.join(id, channel, traffic(), this::failed);
        if (passage == null) {
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(passage);
        pipeline.remove(IdleStateHandler.class);
        pipeline.remove(this);
        pipeline.remove(decoder); // which hands on what it has left
        channel.read();
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
        if (unsentBytes() + padded > writeQueueBytes) {
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
        burst.writeZero(ChannelData.paddedLength(length) - length);
        boolean first = !unflushed;
        unflushed = true;
        if (tuple.transport() == Transport.TLS) {
            gathered = null;
            channel.write(burst, channel.voidPromise());
        }
        shard.outbox().queued(this, first);
        return true;
    }

    @Override
    public Traffic traffic() {
        return input.traffic();
    }

    @Override
    public void flush() {
        unflushed = false;
        if (gathered != null) {
            ByteBuf burst = gathered;
            gathered = null;
            channel.write(burst, channel.voidPromise());
        }
        channel.flush();
    }

    /// The channel's count has what waits to be encrypted too: [io.netty.handler.ssl.SslHandler]
    /// adds that to it.
    private long unsentBytes() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        long queued = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        return queued + (gathered == null ? 0 : gathered.readableBytes());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        shard.control().connected(tuple, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf frame = (ByteBuf) message;
        try {
            if (arrival != null) {
                arrival.settled();
                arrival = null;
            }
            received.wrap(frame);
            input.received(received, tuple, path);
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        shard.control().closed(tuple, this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean idle = event instanceof IdleStateEvent && path == null;
        if (idle || event instanceof SslCloseCompletionEvent) {
            context.close();
        }
    }

    /// A connection that was reset, a broken TLS record, or a mistake of ours: either ends this
    /// connection alone.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
        context.close();
    }

    private void failed(Throwable cause) {
        if (!RemoteFault.is(cause)) {
            shard.faults().report("handling a TCP client", cause);
        }
    }
}
