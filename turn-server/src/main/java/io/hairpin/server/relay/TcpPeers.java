package io.hairpin.server.relay;

import io.hairpin.net.Faults;
import io.hairpin.net.Outcomes;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.ConnectionId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.StreamBandwidth;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The connections of one shard's TCP relays with peers (RFC 6062). Used on the shard's event loop
/// only. The core bounds their number, and says at once what becomes of each that arrives.
public final class TcpPeers {

    /// A connection that a peer opened, until the core has said what becomes of it.
    private record Arrival(Channel channel, Origin origin) {}

    /// Whose connection it is.
    ///
    /// @param bandwidth what bounds all connections of the same relay together
    /// @param events told what happens to it
    record Origin(Traffic traffic, StreamBandwidth bandwidth, Consumer<? super Event> events) {}

    private final SocketKind sockets;
    private final EventLoop loop;
    private final PeerStreams streams;
    private final int connectTimeoutMillis;
    private final Faults faults;
    private final Map<Long, Arrival> arrivals = new HashMap<>();
    private long lastArrival;

    /// @param streams those of all shards
    /// @param connectTimeout how long a peer may take to accept
    public TcpPeers(
            SocketKind sockets,
            EventLoop loop,
            PeerStreams streams,
            Duration connectTimeout,
            Faults faults) {
        this.sockets = sockets;
        this.loop = loop;
        this.streams = streams;
        connectTimeoutMillis = Math.toIntExact(connectTimeout.toMillis());
        this.faults = faults;
    }

    /// The connections of all shards.
    public PeerStreams streams() {
        return streams;
    }

    /// Connects from where a relay is bound to a peer.
    void connect(ConnectionId id, InetSocketAddress from, InetSocketAddress peer, Origin origin) {
        ChannelFuture connect =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(sockets.connectingChannels(from.getAddress()))
                        .option(ChannelOption.AUTO_READ, false)
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
                        .handler(new Outgoing(id, origin))
                        .connect(peer, from);
        connect.addListener(Outcomes.on(loop, done -> connected(id, done, origin)));
    }

    private static void connected(ConnectionId id, ChannelFuture connect, Origin origin) {
        if (connect.isSuccess()) {
            origin.events().accept(new Event.Tcp.Connected(id));
            tellWhenClosed(id, connect.channel(), origin);
        } else {
            String detail = String.valueOf(connect.cause().getMessage());
            origin.events().accept(new Event.Tcp.Failed(id, detail));
        }
    }

    private final class Outgoing extends ChannelInitializer<Channel> {

        private final ConnectionId id;
        private final Origin origin;

        Outgoing(ConnectionId id, Origin origin) {
            this.id = id;
            this.origin = origin;
        }

        @Override
        protected void initChannel(Channel channel) {
            keep(id, channel, origin);
        }
    }

    private void keep(ConnectionId id, Channel channel, Origin origin) {
        PeerStream stream = new PeerStream(id, channel, origin, this::report);
        streams.add(stream);
        channel.closeFuture().addListener(_ -> streams.remove(stream));
        channel.pipeline().addLast(stream);
    }

    private static void tellWhenClosed(ConnectionId id, Channel channel, Origin origin) {
        channel.closeFuture().addListener(_ -> origin.events().accept(new Event.Tcp.Closed(id)));
    }

    /// A peer connected to a relay.
    void arrived(AllocationId allocation, Channel channel, InetSocketAddress peer, Origin origin) {
        long arrival = ++lastArrival;
        arrivals.put(arrival, new Arrival(channel, origin));
        origin.events().accept(new Event.Tcp.Arrived(allocation, arrival, peer));
    }

    /// Keeps a connection that a peer opened, for its client to bind.
    public void admit(long arrival, ConnectionId id) {
        Arrival admitted = take(arrival);
        keep(id, admitted.channel(), admitted.origin());
        tellWhenClosed(id, admitted.channel(), admitted.origin());
    }

    /// Closes a connection that a peer opened.
    public void turnAway(long arrival, DropReason reason) {
        Arrival unwanted = take(arrival);
        unwanted.origin().traffic().dropped(reason);
        unwanted.channel().close();
    }

    private Arrival take(long arrival) {
        Arrival taken = arrivals.remove(arrival);
        if (taken == null) {
            throw new IllegalStateException("no connection of a peer: " + arrival);
        }
        return taken;
    }

    private void report(Throwable fault) {
        faults.report("handling a peer's connection", fault);
    }
}
