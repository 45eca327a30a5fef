package io.hairpin.server.relay;

import io.hairpin.net.BindFailure;
import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Opened;
import io.hairpin.net.SocketBuffers;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// A network without any socket, whose binds fail as the test wishes and complete when it says so.
final class FakeNetwork implements DatagramNetwork {

    private final Function<InetSocketAddress, Opened> outcome;
    private final List<Runnable> pending = new ArrayList<>();
    final Map<InetSocketAddress, DatagramHandler> open = new HashMap<>();
    final List<InetSocketAddress> tried = new ArrayList<>();
    boolean later;

    private FakeNetwork(Function<InetSocketAddress, Opened> outcome) {
        this.outcome = outcome;
    }

    /// Every bind succeeds.
    static FakeNetwork willing() {
        return new FakeNetwork(address -> new Opened.Bound(new Endpoint(address)));
    }

    /// Binds fail for that reason where the address matches.
    static FakeNetwork failing(
            BindFailure.Kind kind, java.util.function.Predicate<InetSocketAddress> where) {
        return new FakeNetwork(
                address ->
                        where.test(address)
                                ? new Opened.Failed(new BindFailure(kind, "as the test wishes"))
                                : new Opened.Bound(new Endpoint(address)));
    }

    /// Has a mistake in it.
    static FakeNetwork broken() {
        return new FakeNetwork(
                address -> {
                    throw new IllegalStateException("the test wants this");
                });
    }

    /// Completes what was put off.
    void complete() {
        List<Runnable> due = List.copyOf(pending);
        pending.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public CompletionStage<Opened> open(Spec spec, DatagramHandler handler) {
        InetSocketAddress address = spec.address();
        tried.add(address);
        CompletableFuture<Opened> result = new CompletableFuture<>();
        Runnable completion =
                () -> {
                    Opened opened;
                    try {
                        opened = outcome.apply(address);
                    } catch (IllegalStateException mistake) {
                        result.completeExceptionally(mistake);
                        return;
                    }
                    if (opened instanceof Opened.Bound(DatagramEndpoint endpoint)) {
                        open.put(address, handler);
                        ((Endpoint) endpoint).onClose = () -> open.remove(address);
                    }
                    result.complete(opened);
                };
        if (later) {
            pending.add(completion);
        } else {
            completion.run();
        }
        return result;
    }

    @Override
    public CompletionStage<Void> close() {
        open.clear();
        return CompletableFuture.completedFuture(null);
    }

    private static final class Endpoint implements DatagramEndpoint {

        private final InetSocketAddress address;
        private Runnable onClose = () -> {};

        Endpoint(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public InetSocketAddress localAddress() {
            return address;
        }

        @Override
        public SocketBuffers buffers() {
            return SocketBuffers.SYSTEM_DEFAULT;
        }

        @Override
        public void send(Datagram datagram, long high, long low, int port) {
            throw new AssertionError("nothing should be sent");
        }

        @Override
        public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
            throw new AssertionError("nothing should be sent");
        }

        @Override
        public CompletionStage<Void> close() {
            onClose.run();
            return CompletableFuture.completedFuture(null);
        }
    }
}
