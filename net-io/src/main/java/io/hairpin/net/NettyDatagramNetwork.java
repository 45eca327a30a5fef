package io.hairpin.net;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Datagram sockets as Netty channels: works everywhere.
final class NettyDatagramNetwork implements DatagramNetwork {

    private final SocketKind kind;
    private final EventLoop loop;
    private final Outbox outbox;
    private final ReceiveBuffers buffers = new ReceiveBuffers();
    private final ChannelGroup open;

    NettyDatagramNetwork(SocketKind kind, IoLoop on) {
        this.kind = kind;
        loop = on.loop();
        outbox = on.outbox();
        open = new DefaultChannelGroup(loop);
        loop.terminationFuture().addListener(_ -> buffers.close());
    }

    @Override
    public CompletionStage<Opened> open(Spec spec, DatagramHandler handler) {
        DatagramChannel channel;
        try {
            channel = kind.datagramChannel(spec.address().getAddress());
        } catch (ChannelException e) { // there is no file descriptor left
            return CompletableFuture.completedStage(failed(e));
        }
        channel.config().setRecvByteBufAllocator(buffers);
        size(channel, spec.buffers());
        NettyDatagramEndpoint endpoint = new NettyDatagramEndpoint(kind, channel, outbox, handler);
        channel.pipeline().addLast(endpoint);

        CompletableFuture<Opened> opened = new CompletableFuture<>();
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                bind(channel, spec, endpoint, opened);
                            } else {
                                fail(channel, registered.cause(), opened);
                            }
                        });
        return opened;
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        open.close().addListener(_ -> kind.whenPortsAreFree(loop, () -> closed.complete(null)));
        return closed;
    }

    private void bind(
            DatagramChannel channel,
            Spec spec,
            DatagramEndpoint endpoint,
            CompletableFuture<Opened> opened) {
        open.add(channel);
        if (spec.use() == PortUse.ONE_OF_MANY) {
            kind.share(channel);
        }
        channel.bind(spec.address())
                .addListener(
                        bound -> {
                            if (!bound.isSuccess()) {
                                fail(channel, bound.cause(), opened);
                                return;
                            }
                            // Sharing the port from the start would hide that another server
                            // has it; Linux lets sockets join one that shares since it is bound.
                            if (spec.use() == PortUse.FIRST_OF_MANY) {
                                kind.share(channel);
                            }
                            opened.complete(new Opened.Bound(endpoint));
                        });
    }

    private static void size(DatagramChannel channel, SocketBuffers buffers) {
        if (buffers.receiveBytes() > 0) {
            channel.config().setReceiveBufferSize(buffers.receiveBytes());
        }
        if (buffers.sendBytes() > 0) {
            channel.config().setSendBufferSize(buffers.sendBytes());
        }
    }

    private void fail(DatagramChannel channel, Throwable cause, CompletableFuture<Opened> opened) {
        channel.close()
                .addListener(
                        _ -> kind.whenPortsAreFree(loop, () -> opened.complete(failed(cause))));
    }

    private static Opened failed(Throwable cause) {
        return new Opened.Failed(BindFailure.of(cause));
    }
}
