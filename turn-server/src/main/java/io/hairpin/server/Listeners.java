package io.hairpin.server;

import io.hairpin.net.BindFailure;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.Opened;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.server.transport.ConnectionLimit;
import io.hairpin.server.transport.StreamServices;
import io.hairpin.server.transport.TcpListener;
import io.hairpin.server.transport.TcpSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Opens the sockets that clients come to.
final class Listeners {

    /// A listener that is open, by what carries its transports.
    record Bound(Transport transport, InetSocketAddress address) {
        /// As operators read it.
        @Override
        public String toString() {
            return Text.of(transport) + " " + Text.of(address);
        }
    }

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private final SocketKind sockets;
    private final EventLoopGroup loops;
    private final List<Shard> shards;
    private final SocketBuffers buffers;
    private final PathSignals signals;
    private final TcpSettings tcp;
    private final ConnectionLimit limit;
    private final ChannelGroup connections =
            new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final List<Channel> acceptors = new ArrayList<>();
    private StreamServices services = StreamServices.NONE;
    private SocketBuffers granted = SocketBuffers.SYSTEM_DEFAULT;

    Listeners(
            SocketKind sockets,
            EventLoopGroup loops,
            List<Shard> shards,
            SocketBuffers buffers,
            PathSignals signals,
            LimitsPlan plan) {
        this.sockets = sockets;
        this.loops = loops;
        this.shards = shards;
        this.buffers = buffers;
        this.signals = signals;
        LimitsConfig limits = plan.config();
        tcp =
                new TcpSettings(
                        limits.tcpFirstMessageTimeout(),
                        limits.tlsHandshakeTimeout(),
                        limits.tcpIdleTimeout(),
                        limits.tcpWriteQueue().bytes());
        limit = plan.connections();
    }

    /// Has TCP listeners that are opened from now on serve this as well.
    void offer(StreamServices services) {
        this.services = services;
    }

    /// Opens all of them, or throws and leaves the open ones to whoever shuts the loops down.
    List<Bound> open(List<ListenerPlan> plans) {
        List<Bound> bound = new ArrayList<>();
        for (ListenerPlan plan : plans) {
            bound.add(
                    switch (plan.transport()) {
                        case UDP, DTLS -> new Bound(Transport.UDP, openUdp(plan));
                        case TCP, TLS -> new Bound(Transport.TCP, openTcp(plan));
                    });
        }
        return bound;
    }

    private InetSocketAddress openUdp(ListenerPlan plan) {
        if (shards.size() == 1 || !sockets.sharesPorts()) {
            return openUdp(plan, shards.getFirst(), plan.address(), PortUse.ALONE);
        }
        InetSocketAddress bound =
                openUdp(plan, shards.getFirst(), plan.address(), PortUse.FIRST_OF_MANY);
        shards.stream().skip(1).forEach(shard -> openUdp(plan, shard, bound, PortUse.ONE_OF_MANY));
        return bound;
    }

    private InetSocketAddress openUdp(
            ListenerPlan plan, Shard shard, InetSocketAddress address, PortUse use) {
        DatagramNetwork.Spec spec = new DatagramNetwork.Spec(address, use, buffers, signals);
        return switch (shard.clients().open(spec, plan.families()).join()) {
            case Opened.Bound(DatagramEndpoint endpoint) -> {
                granted = endpoint.buffers();
                yield endpoint.localAddress();
            }
            case Opened.Failed(BindFailure failure) ->
                    throw new StartupException(message(plan, failure));
        };
    }

    private InetSocketAddress openTcp(ListenerPlan plan) {
        TcpListener listener =
                new TcpListener(
                        tcp,
                        services,
                        plan.families(),
                        limit,
                        connections,
                        (loop, bound) -> shardOn(loop).clients().surroundings(bound));
        ChannelFuture bind = listener.open(sockets, loops, plan.address()).awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new StartupException(message(plan, BindFailure.of(bind.cause())));
        }
        acceptors.add(bind.channel());
        return (InetSocketAddress) bind.channel().localAddress();
    }

    /// What the system granted each UDP socket; the same for all of them.
    SocketBuffers granted() {
        return granted;
    }

    /// Lets TCP clients in.
    void accept() {
        acceptors.forEach(acceptor -> acceptor.config().setAutoRead(true));
    }

    /// Lets nobody in any more.
    void close() {
        acceptors.forEach(acceptor -> acceptor.close().awaitUninterruptibly());
    }

    /// Ends all connections, those of TLS with a goodbye if their clients take it soon enough.
    void disconnect(Duration patience) {
        connections.close().awaitUninterruptibly(patience.toMillis());
    }

    private Shard shardOn(EventLoop loop) {
        return shards.stream().filter(shard -> shard.loop().equals(loop)).findFirst().orElseThrow();
    }

    static String message(Object what, InetSocketAddress address, BindFailure failure) {
        return "cannot listen on "
                + what
                + ": "
                + switch (failure.kind()) {
                    case IN_USE ->
                            "another program has the port; stop it (ss -lnp shows which it is), or"
                                    + " choose another port";
                    case NOT_LOCAL ->
                            Text.of(address.getAddress())
                                    + " is not an address of this machine; choose one that is, or"
                                    + " 0.0.0.0 or :: for all of them";
                    case NOT_PERMITTED ->
                            address.getPort() < FIRST_UNPRIVILEGED_PORT
                                    ? "ports below "
                                            + FIRST_UNPRIVILEGED_PORT
                                            + " need a privilege; grant CAP_NET_BIND_SERVICE, or"
                                            + " choose a higher port"
                                    : "the system does not permit it; check what confines this"
                                            + " process";
                    case OTHER -> failure.detail();
                };
    }

    private static String message(ListenerPlan plan, BindFailure failure) {
        return message(plan, plan.address(), failure);
    }
}
