package io.hairpin.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;

import java.util.function.Consumer;

/// Tells on the right event loop how binding or connecting ended.
public final class Outcomes {

    private Outcomes() {}

    /// Netty tells of a channel that could not be made at all, for want of a descriptor say, on a
    /// thread that has nothing to do with the loop the channel was for.
    public static ChannelFutureListener on(EventLoop loop, Consumer<? super ChannelFuture> told) {
        return outcome -> {
            if (loop.inEventLoop()) {
                told.accept(outcome);
            } else {
                loop.execute(() -> told.accept(outcome));
            }
        };
    }
}
