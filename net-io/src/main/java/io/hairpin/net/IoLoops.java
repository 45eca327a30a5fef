package io.hairpin.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/// Event loops that each flush an [Outbox] at the end of every turn.
///
/// @param group the loops as Netty knows them
public record IoLoops(IoEventLoopGroup group, List<IoLoop> all) {

    public IoLoops {
        all = List.copyOf(all);
    }

    /// Starts `count` loops for sockets of that kind.
    public static IoLoops start(SocketKind kind, int count, ThreadFactory threads) {
        Flushing flushing = new Flushing(kind.ioHandlers());
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(count, threads, flushing);
        List<IoLoop> all = new ArrayList<>();
        for (EventExecutor executor : group) {
            all.add(flushing.loop((IoEventLoop) executor));
        }
        return new IoLoops(group, all);
    }

    /// Makes the handlers of the loops, each with an outbox.
    private static final class Flushing implements IoHandlerFactory {

        private final IoHandlerFactory sockets;
        private final IdentityHashMap<ThreadAwareExecutor, Outbox> outboxes =
                new IdentityHashMap<>();

        Flushing(IoHandlerFactory sockets) {
            this.sockets = sockets;
        }

        IoLoop loop(IoEventLoop loop) {
            return new IoLoop(loop, Objects.requireNonNull(outboxes.get(loop)));
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            Outbox outbox = new Outbox();
            outboxes.put(executor, outbox);
            return new FlushingHandler(sockets.newHandler(executor), outbox);
        }

        @Override
        public boolean isChangingThreadSupported() {
            return sockets.isChangingThreadSupported();
        }
    }

    /// Waits for sockets as Netty does, and flushes when all that were ready have been served.
    private static final class FlushingHandler implements IoHandler {

        private final IoHandler sockets;
        private final Outbox outbox;

        FlushingHandler(IoHandler sockets, Outbox outbox) {
            this.sockets = sockets;
            this.outbox = outbox;
        }

        @Override
        public void initialize() {
            sockets.initialize();
        }

        /// What tasks and timers left since the last turn goes out before the loop sleeps.
        @Override
        public int run(IoHandlerContext context) {
            outbox.flush();
            int handled = sockets.run(context);
            outbox.endTurn();
            return handled;
        }

        @Override
        public void prepareToDestroy() {
            sockets.prepareToDestroy();
        }

        @Override
        public void destroy() {
            sockets.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return sockets.register(handle);
        }

        @Override
        public void wakeup() {
            sockets.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return sockets.isCompatible(handleType);
        }
    }
}
