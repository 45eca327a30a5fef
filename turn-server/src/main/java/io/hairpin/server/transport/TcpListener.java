package io.hairpin.server.transport;

import io.hairpin.net.AcceptFailures;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.BiFunction;

/// Accepts connections and gives each to one of the shards in turn. What it carries is told by its
/// first bytes.
public final class TcpListener {

    /// Connections that wait to be accepted.
    private static final int BACKLOG = 1024;

    private final TcpSettings settings;
    private final StreamServices services;
    private final Set<AddressFamily> families;
    private final ConnectionLimit limit;
    private final ChannelGroup connections;
    private final BiFunction<EventLoop, InetSocketAddress, TcpClient.Surroundings> shards;

    /// @param families those that may connect, where the socket does not see to that; the clients
    ///     of a proxy may be of any
    /// @param connections gets each that is open
    /// @param shards what clients need, by the event loop they are on and the address that the
    ///     listener is bound to
    public TcpListener(
            TcpSettings settings,
            StreamServices services,
            Set<AddressFamily> families,
            ConnectionLimit limit,
            ChannelGroup connections,
            BiFunction<EventLoop, InetSocketAddress, TcpClient.Surroundings> shards) {
        this.settings = settings;
        this.services = services;
        this.families = families;
        this.limit = limit;
        this.connections = connections;
        this.shards = shards;
    }

    /// Starts listening. Clients are accepted on one of the loops and spread over all, from the
    /// time that the channel reads by itself.
    public ChannelFuture open(
            SocketKind transport, EventLoopGroup loops, InetSocketAddress address) {
        return new ServerBootstrap()
                .group(loops.next(), loops)
                .channelFactory(transport.serverChannels(address.getAddress()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .handler(new AcceptFailures(this::notAccepted))
                .childHandler(new Welcome())
                .bind(address);
    }

    private void notAccepted(ChannelHandlerContext on) {
        InetSocketAddress server = (InetSocketAddress) on.channel().localAddress();
        shards.apply(on.channel().eventLoop(), server)
                .input(Transport.TCP)
                .traffic()
                .refused(RefusalReason.NOT_ACCEPTED);
    }

    private final class Welcome extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
            if (client == null || !families.contains(AddressFamily.of(client.getAddress()))) {
                channel.close();
                return;
            }
            InetSocketAddress server = (InetSocketAddress) channel.parent().localAddress();
            Arrival arrival =
                    new Arrival(
                            channel,
                            client,
                            settings,
                            services,
                            limit,
                            shards.apply(channel.eventLoop(), server));
            if (limit.tryAcquire()) {
                connections.add(channel);
                channel.closeFuture().addListener(_ -> limit.release());
                arrival.begin();
            } else {
                arrival.refuse(RefusalReason.CONNECTION_LIMIT, "limits.tcp-connections");
            }
        }
    }
}
