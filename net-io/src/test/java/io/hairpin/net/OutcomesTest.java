package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class OutcomesTest {

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void aChannelThatCouldNotBeMadeIsToldOfOnTheLoopItWasFor() throws Exception {
        EventLoop loop = loops.next();
        CompletableFuture<Boolean> told = new CompletableFuture<>();

        new Bootstrap()
                .group(loop)
                .channelFactory(
                        () -> {
                            throw new ChannelException("Too many open files");
                        })
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9))
                .addListener(
                        Outcomes.on(
                                loop,
                                outcome ->
                                        told.complete(!outcome.isSuccess() && loop.inEventLoop())));

        assertThat(told.get(10, TimeUnit.SECONDS)).isTrue();
    }
}
