package io.hairpin.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The descriptor of a socket, and its place on Netty's event loop, which the socket keeps until
/// it is closed.
final class PolledSocket implements EpollIoHandle {

    /// Whom the socket serves.
    interface Owner {

        /// What was sent earlier has met an error; [#ready] is called next.
        void failing();

        /// There is something to read, or an error, which reading takes off the socket.
        void ready();

        /// The event loop has ended; the socket has to be closed.
        void loopEnded();
    }

    private final LinuxSocket socket;
    private final Owner owner;
    private @Nullable IoRegistration registration;

    PolledSocket(LinuxSocket socket, Owner owner) {
        this.socket = socket;
        this.owner = owner;
    }

    /// Has the owner called whenever the socket is ready; fails if the loop takes no more sockets.
    CompletionStage<Void> register(IoEventLoop loop) {
        CompletableFuture<Void> registered = new CompletableFuture<>();
        loop.register(this)
                .addListener(
                        result -> {
                            if (!result.isSuccess()) {
                                registered.completeExceptionally(result.cause());
                                return;
                            }
                            try {
                                start((IoRegistration) result.getNow());
                                registered.complete(null);
                            } catch (RuntimeException e) {
                                registered.completeExceptionally(e);
                            }
                        });
        return registered;
    }

    /// Without `EPOLLET` the loop tells as long as anything waits.
    private void start(IoRegistration registration) throws IllegalStateException {
        this.registration = registration;
        if (!socket.isOpen()) {
            registration.cancel();
            throw new IllegalStateException("closed before it was registered");
        }
        registration.submit(EpollIoOps.EPOLLIN);
    }

    LinuxSocket socket() {
        return socket;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration on, IoEvent event) {
        if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
            owner.failing();
        }
        owner.ready();
    }

    @Override
    public void close() {
        owner.loopEnded();
    }

    /// Leaves the loop, then closes the descriptor, whose number is soon another socket's.
    void release() throws IOException {
        if (registration != null) {
            registration.cancel();
        }
        socket.close();
    }
}
