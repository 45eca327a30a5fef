package io.hairpin.client.load;

import io.netty.channel.IoEventLoop;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs tasks on an event loop, such that none fails unnoticed.
record LoopTasks(IoEventLoop loop, SocketFaults faults) {

    /// Begins something that completes the future it is given, now or later.
    <T> CompletableFuture<T> begin(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        execute(done, () -> task.accept(done));
        return done;
    }

    /// Runs something and completes.
    CompletableFuture<Void> run(Runnable task) {
        return begin(
                done -> {
                    task.run();
                    done.complete(null);
                });
    }

    /// Goes on with what will complete `result`.
    void execute(CompletableFuture<?> result, Runnable task) {
        loop.execute(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException mistake) {
                        result.completeExceptionally(mistake);
                    }
                });
    }

    /// Runs something again and again.
    void every(long nanos, Runnable task) {
        Runnable guarded =
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException mistake) {
                        faults.mistake(mistake);
                    }
                };
        loop.scheduleWithFixedDelay(guarded, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    static void complete(CompletableFuture<Void> future, @Nullable Throwable cause) {
        if (cause == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(cause);
        }
    }
}
