package io.hairpin.server.net;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Datagram sockets as Netty channels: works everywhere.
public final class NettyDatagramNetwork implements DatagramNetwork {

    private final NettyTransport transport;
    private final EventLoop loop;
    private final Outbox outbox;
    private final ReceiveBuffers buffers = new ReceiveBuffers();
    private final ChannelGroup open;

    public NettyDatagramNetwork(NettyTransport transport, EventLoop loop, Outbox outbox) {
        this.transport = transport;
        this.loop = loop;
        this.outbox = outbox;
        open = new DefaultChannelGroup(loop);
        loop.terminationFuture().addListener(_ -> buffers.close());
    }

    @Override
    public CompletionStage<Opened> open(
            InetSocketAddress address, PortUse use, DatagramHandler handler) {
        DatagramChannel channel;
        try {
            channel = transport.datagramChannel(address.getAddress());
        } catch (ChannelException e) { // there is no file descriptor left
            return CompletableFuture.completedStage(failed(e));
        }
        channel.config().setRecvByteBufAllocator(buffers);
        NettyDatagramEndpoint endpoint =
                new NettyDatagramEndpoint(transport, channel, outbox, handler);
        channel.pipeline().addLast(endpoint);

        CompletableFuture<Opened> opened = new CompletableFuture<>();
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                bind(channel, address, use, endpoint, opened);
                            } else {
                                fail(channel, registered.cause(), opened);
                            }
                        });
        return opened;
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        open.close()
                .addListener(_ -> transport.whenPortsAreFree(loop, () -> closed.complete(null)));
        return closed;
    }

    private void bind(
            DatagramChannel channel,
            InetSocketAddress address,
            PortUse use,
            DatagramEndpoint endpoint,
            CompletableFuture<Opened> opened) {
        open.add(channel);
        if (use == PortUse.ONE_OF_MANY) {
            transport.share(channel);
        }
        channel.bind(address)
                .addListener(
                        bound -> {
                            if (!bound.isSuccess()) {
                                fail(channel, bound.cause(), opened);
                                return;
                            }
                            // Sharing the port from the start would hide that another server
                            // has it; Linux lets sockets join one that shares since it is bound.
                            if (use == PortUse.FIRST_OF_MANY) {
                                transport.share(channel);
                            }
                            opened.complete(new Opened.Bound(endpoint));
                        });
    }

    private static void fail(
            DatagramChannel channel, Throwable cause, CompletableFuture<Opened> opened) {
        channel.close().addListener(_ -> opened.complete(failed(cause)));
    }

    private static Opened failed(Throwable cause) {
        return new Opened.Failed(BindFailure.of(cause));
    }
}
