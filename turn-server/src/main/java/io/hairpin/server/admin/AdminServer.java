package io.hairpin.server.admin;

import io.hairpin.net.AcceptFailures;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Serves `/metrics`, `/healthz` and `/readyz` over HTTP/1.1, on one thread of its own.
///
/// Whoever can reach the address can read them; nothing can be changed. Connections are few and
/// bounded in everything a client decides: how long a request may be and take, and how much of an
/// answer waits for a client that does not read.
public final class AdminServer implements AutoCloseable {
    public static final int MAX_CONNECTIONS = 64;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final EventLoopGroup loop;
    private final Channel listener;
    private final ChannelGroup connections;

    private AdminServer(EventLoopGroup loop, Channel listener, ChannelGroup connections) {
        this.loop = loop;
        this.listener = listener;
        this.connections = connections;
    }

    /// Starts serving; what is served may be asked for as soon as this returns.
    ///
    /// @param address where to listen; port 0 lets the system choose
    /// @param unreadiness why the server cannot take clients now, or empty if it can; called on the
    ///     thread of this server, so it must not block
    /// @throws IOException if the address cannot be bound
    public static AdminServer start(
            InetSocketAddress address,
            ServerMetrics metrics,
            Supplier<Optional<String>> unreadiness)
            throws IOException {
        return start(address, new Pages(metrics::scrape, unreadiness), AdminLimits.DEFAULTS);
    }

    static AdminServer start(InetSocketAddress address, Pages pages, AdminLimits limits)
            throws IOException {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(loop.next());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .handler(new AcceptFailures(_ -> {}))
                        .childHandler(new Connection(pages, limits, connections))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop(loop);
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        return new AdminServer(loop, bound.channel(), connections);
    }

    /// Where it listens, with the port really bound.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    int connections() {
        return connections.size();
    }

    /// Stops accepting, lets answers under way be sent, and closes; takes a second or so at most.
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        // An empty write completes after all that was written before it.
        connections.stream()
                .forEach(
                        connection ->
                                connection
                                        .writeAndFlush(Unpooled.EMPTY_BUFFER)
                                        .addListener(ChannelFutureListener.CLOSE));
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
        stop(loop);
    }

    private static void stop(EventLoopGroup loop) {
        loop.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
    }

    /// Sets a new connection up.
    private static final class Connection extends ChannelInitializer<Channel> {
        private final Pages pages;
        private final AdminLimits limits;
        private final ChannelGroup connections;

        Connection(Pages pages, AdminLimits limits, ChannelGroup connections) {
            this.pages = pages;
            this.limits = limits;
            this.connections = connections;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (connections.size() >= limits.connections()) {
                channel.close();
                return;
            }
            connections.add(channel);
            limits.addTo(channel.pipeline());
            channel.pipeline().addLast(new RequestHandler(pages));
        }
    }
}
