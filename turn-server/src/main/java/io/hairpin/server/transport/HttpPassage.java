package io.hairpin.server.transport;

import io.hairpin.net.Outcomes;
import io.hairpin.server.relay.Held;
import io.hairpin.server.relay.Toll;
import io.hairpin.server.relay.Tunnel;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.timeout.IdleStateEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;

/// Passes what a TLS client says over HTTP on to the backend, and the answers back.
final class HttpPassage extends Held {

    private static final Logger log = LoggerFactory.getLogger(HttpPassage.class);

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Arrival arrival;
    private final InetSocketAddress address;

    HttpPassage(Arrival arrival, InetSocketAddress address) {
        this.arrival = arrival;
        this.address = address;
    }

    /// Nothing is read until the backend is there; what has been read already is kept.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arrival.settled();
        Channel client = context.channel();
        client.config().setAutoRead(false);
        new Bootstrap()
                .group(client.eventLoop())
                .channelFactory(new ReflectiveChannelFactory<>(client.getClass()))
                .resolver(BackgroundResolver.GROUP)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .addListener(
                        Outcomes.on(client.eventLoop(), connect -> connected(context, connect)));
    }

    private void connected(ChannelHandlerContext context, ChannelFuture connect) {
        Channel client = context.channel();
        if (!connect.isSuccess()) {
            log.debug("The HTTP backend {} cannot be reached", address, connect.cause());
            if (client.isActive()) {
                context.pipeline().addLast(HttpAnswer.badGateway(arrival));
                context.pipeline().remove(this);
                client.config().setAutoRead(true);
            }
            return;
        }
        Channel backend = connect.channel();
        if (!client.isActive()) {
            backend.close();
            return;
        }
        Tunnel tunnel = new Tunnel(client, backend, arrival.settings().idle());
        backend.pipeline().addLast(tunnel.passage(backend, Toll.NONE, this::failed));
        release(context, tunnel.passage(client, Toll.NONE, this::failed));
        backend.read();
    }

    private void failed(Throwable cause) {
        if (!RemoteFault.is(cause)) {
            arrival.failed(cause);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        super.userEventTriggered(context, event);
        if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        arrival.failed(cause);
    }
}
