package io.hairpin.server.transport;

import io.hairpin.net.SocketKind;
import io.hairpin.stun.AddressFamily;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.timeout.IdleStateHandler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/// Accepts TCP clients and gives each to one of the shards in turn.
public final class TcpListener {

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    /// Connections that wait to be accepted.
    private static final int BACKLOG = 1024;

    private final TcpSettings settings;
    private final Set<AddressFamily> families;
    private final ConnectionLimit limit;
    private final BiFunction<EventLoop, InetSocketAddress, TcpClient.Surroundings> shards;

    /// @param families those that clients may be of, where the socket does not see to that
    /// @param shards what clients need, by the event loop they are on and the address that the
    ///     listener is bound to
    public TcpListener(
            TcpSettings settings,
            Set<AddressFamily> families,
            ConnectionLimit limit,
            BiFunction<EventLoop, InetSocketAddress, TcpClient.Surroundings> shards) {
        this.settings = settings;
        this.families = families;
        this.limit = limit;
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
                .childHandler(new Welcome())
                .bind(address);
    }

    private final class Welcome extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
            if (client == null || !families.contains(AddressFamily.of(client.getAddress()))) {
                channel.close();
                return;
            }
            if (!limit.tryAcquire()) {
                log.debug("Too many TCP clients: {} is turned away", client);
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> limit.release());
            FrameDecoder decoder = new FrameDecoder();
            InetSocketAddress server = (InetSocketAddress) channel.parent().localAddress();
            channel.pipeline()
                    .addLast(
                            new IdleStateHandler(
                                    settings.idle().toMillis(), 0, 0, TimeUnit.MILLISECONDS),
                            decoder,
                            new TcpClient(
                                    channel,
                                    settings,
                                    shards.apply(channel.eventLoop(), server),
                                    decoder));
        }
    }
}
