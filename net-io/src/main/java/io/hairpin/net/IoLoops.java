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
import java.util.function.LongSupplier;

/// Event loops that each flush an [Outbox] at the end of every turn, and have a [TurnClock].
///
/// @param group the loops as Netty knows them
public record IoLoops(IoEventLoopGroup group, List<IoLoop> all) {

    public IoLoops {
        all = List.copyOf(all);
    }

    /// Starts `count` loops for sockets of that kind.
    public static IoLoops start(SocketKind kind, int count, ThreadFactory threads) {
        return start(kind, count, threads, System::nanoTime);
    }

    /// The same, on another clock.
    public static IoLoops start(
            SocketKind kind, int count, ThreadFactory threads, LongSupplier clock) {
        Flushing flushing = new Flushing(kind, clock);
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(count, threads, flushing);
        List<IoLoop> all = new ArrayList<>();
        for (EventExecutor executor : group) {
            all.add(flushing.loop((IoEventLoop) executor));
        }
        return new IoLoops(group, all);
    }

    /// Makes the handlers of the loops, each with an outbox.
    private static final class Flushing implements IoHandlerFactory {

        private final SocketKind kind;
        private final IoHandlerFactory sockets;
        private final LongSupplier clock;
        private final IdentityHashMap<ThreadAwareExecutor, FlushingHandler> handlers =
                new IdentityHashMap<>();

        Flushing(SocketKind kind, LongSupplier clock) {
            this.kind = kind;
            this.clock = clock;
            sockets = kind.ioHandlers();
        }

        IoLoop loop(IoEventLoop loop) {
            FlushingHandler handler = Objects.requireNonNull(handlers.get(loop));
            return new IoLoop(loop, handler.outbox, handler.clock);
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            FlushingHandler handler =
                    new FlushingHandler(
                            sockets.newHandler(executor),
                            new Outbox(kind.maxGathered()),
                            new TurnClock(clock));
            handlers.put(executor, handler);
            return handler;
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
        private final TurnClock clock;

        FlushingHandler(IoHandler sockets, Outbox outbox, TurnClock clock) {
            this.sockets = sockets;
            this.outbox = outbox;
            this.clock = clock;
        }

        @Override
        public void initialize() {
            sockets.initialize();
        }

        /// What tasks and timers left since the last turn goes out before the loop sleeps, and the
        /// time that they knew is old when it wakes.
        @Override
        public int run(IoHandlerContext context) {
            outbox.flush();
            clock.forget();
            int handled = sockets.run(context);
            outbox.endTurn();
            clock.forget();
            return handled;
        }

        @Override
        public void prepareToDestroy() {
            sockets.prepareToDestroy();
        }

        /// A loop that is told to end in the middle of its turn skips the preparation, which closes
        /// the sockets that are left.
        @Override
        public void destroy() {
            sockets.prepareToDestroy();
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
