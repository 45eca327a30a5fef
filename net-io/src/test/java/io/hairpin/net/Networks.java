package io.hairpin.net;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.hairpin.stun.TransportAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Networks for one test, each with a loop of its own, and what tests do with them.
final class Networks implements AutoCloseable {

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

    /// A network, and where its methods have to be called.
    record On(IoLoops loops, IoLoop loop, DatagramNetwork network) {

        <T> T call(Callable<T> task) {
            return loop.loop().submit(task).syncUninterruptibly().getNow();
        }

        void run(Runnable task) {
            loop.loop().submit(task).syncUninterruptibly();
        }

        /// As [#run], and sends what the task left waiting.
        void runTurn(Runnable task) {
            run(
                    () -> {
                        task.run();
                        loop.outbox().flush();
                    });
        }

        Opened attempt(Spec spec, DatagramHandler handler) {
            return call(() -> network.open(spec, handler)).toCompletableFuture().join();
        }

        DatagramEndpoint open(Spec spec, DatagramHandler handler) {
            return switch (attempt(spec, handler)) {
                case Opened.Bound(DatagramEndpoint endpoint) -> endpoint;
                case Opened.Failed(BindFailure failure) -> throw new AssertionError(failure);
            };
        }

        DatagramEndpoint open(InetSocketAddress address, DatagramHandler handler) {
            return open(alone(address), handler);
        }

        BindFailure.Kind failure(InetSocketAddress address, PortUse use) {
            Spec spec = new Spec(address, use, SocketBuffers.SYSTEM_DEFAULT);
            return switch (attempt(spec, new Recorder())) {
                case Opened.Bound(DatagramEndpoint endpoint) ->
                        throw new AssertionError("bound " + endpoint.localAddress());
                case Opened.Failed(BindFailure failure) -> failure.kind();
            };
        }

        void close(DatagramEndpoint endpoint) {
            call(endpoint::close).toCompletableFuture().join();
        }

        void stop() {
            loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private final List<On> all = new ArrayList<>();
    private final List<DatagramSocket> closedPorts = new ArrayList<>();

    On start(SocketKind kind) {
        return start(kind, kind::network);
    }

    On start(SocketKind kind, Function<IoLoop, DatagramNetwork> network) {
        IoLoops loops = IoLoops.start(kind, 1, new DefaultThreadFactory("test-loop"));
        IoLoop loop = loops.all().getFirst();
        On on = new On(loops, loop, network.apply(loop));
        all.add(on);
        return on;
    }

    @Override
    public void close() {
        for (On on : all) {
            if (!on.loops().group().isShuttingDown()) {
                on.call(on.network()::close).toCompletableFuture().join();
                on.stop();
            }
        }
        closedPorts.forEach(DatagramSocket::close);
    }

    static Spec alone(InetSocketAddress address) {
        return new Spec(address, PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT);
    }

    /// The kinds that work on this machine.
    static List<SocketKind> kinds() {
        return switch (SocketKind.best()) {
            case NATIVE -> List.of(SocketKind.NATIVE, SocketKind.EPOLL, SocketKind.NIO);
            case EPOLL -> List.of(SocketKind.EPOLL, SocketKind.NIO);
            case NIO -> List.of(SocketKind.NIO);
        };
    }

    /// A port that answers as if nobody had it, and that nobody gets until the end of the test: its
    /// socket is connected, to itself, so it takes nothing from others.
    InetSocketAddress closedPort(InetAddress host) throws SocketException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(host, 0));
        closedPorts.add(socket);
        InetSocketAddress address = (InetSocketAddress) socket.getLocalSocketAddress();
        socket.connect(address);
        return address;
    }

    static Datagram datagram(byte[] bytes) {
        Datagram datagram = new Datagram();
        datagram.wrap(ByteBuffer.wrap(bytes));
        return datagram;
    }

    static void send(DatagramEndpoint from, byte[] bytes, InetSocketAddress to) {
        TransportAddress numbers = TransportAddress.of(to);
        from.send(datagram(bytes), numbers.high(), numbers.low(), numbers.port());
    }

    /// Sends a datagram back to where it came from, at the address it was sent to.
    static void answer(DatagramEndpoint on, Datagram datagram) {
        on.send(datagram, datagram.sourceHigh(), datagram.sourceLow(), datagram.sourcePort());
    }
}
