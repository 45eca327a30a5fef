package io.hairpin.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Stands before what accepts connections on a listening socket. One that cannot be accepted,
/// mostly for want of a descriptor, waits in the kernel's queue: the next try comes a moment later,
/// since the socket stays ready and trying at once would take all of the loop's time.
public final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);

    static final Duration PAUSE = Duration.ofMillis(100);

    private final Consumer<? super ChannelHandlerContext> counting;
    private long failures;
    private long nextLogged = 1;

    /// @param counting called for each try that failed, on the loop of the listening socket
    public AcceptFailures(Consumer<? super ChannelHandlerContext> counting) {
        this.counting = counting;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        counting.accept(context);
        failures++;
        if (failures == nextLogged) {
            nextLogged *= 10;
            log.warn(
                    "Connections to {} cannot be accepted ({} tries): {}. If it is descriptors that"
                            + " are missing, raise the limit (LimitNOFILE, ulimit -n)",
                    context.channel().localAddress(),
                    failures,
                    cause.getMessage());
        }
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            context.executor()
                    .schedule(
                            () -> context.channel().config().setAutoRead(true),
                            PAUSE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
