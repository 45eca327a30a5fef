package io.hairpin.server.relay;

import io.hairpin.server.core.ConnectionId;
import io.hairpin.server.core.StreamBandwidth;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A connection with a peer, until it is joined with a client's. Nothing is asked of it before: the
/// system keeps what the peer sends, and has it wait when that is too much (RFC 6062 §5.2).
final class PeerStream extends Held {

    private final ConnectionId id;
    private final Channel channel;
    private final TcpPeers.Origin origin;
    private final Consumer<Throwable> faults;

    PeerStream(
            ConnectionId id, Channel channel, TcpPeers.Origin origin, Consumer<Throwable> faults) {
        this.id = id;
        this.channel = channel;
        this.origin = origin;
        this.faults = faults;
    }

    ConnectionId id() {
        return id;
    }

    Channel channel() {
        return channel;
    }

    /// What bounds the connections of its relay.
    StreamBandwidth bandwidth() {
        return origin.bandwidth();
    }

    /// Lets what the peer sends through; called on any thread.
    void join(Tunnel tunnel, LongSupplier clock) {
        channel.eventLoop()
                .execute(
                        () -> {
                            ChannelHandlerContext context = channel.pipeline().context(this);
                            if (context != null) {
                                release(
                                        context,
                                        tunnel.passage(channel, toll(clock), this::failed));
                            }
                            if (!channel.isActive()) {
                                tunnel.abandon();
                            }
                        });
    }

    private Toll toll(LongSupplier clock) {
        return Toll.of(origin.traffic()::relayedToClient, origin.bandwidth().toClient(), clock);
    }

    private void failed(Throwable cause) {
        if (!(cause instanceof IOException)) { // which the peer can bring about
            faults.accept(cause);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
        context.close();
    }
}
