package io.hairpin.server;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.Opened;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.stun.TransportAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A UDP socket that sends with any DSCP, ECN and hop limit, and tells those of what arrives.
final class MarkedSocket implements AutoCloseable {

    /// What arrived, with which DSCP and ECN, and how many hops it had left.
    record Marked(ByteBuffer bytes, int trafficClass, int hopLimit) {}

    private final IoLoops loops;
    private final IoLoop loop;
    private final DatagramEndpoint endpoint;
    private final BlockingQueue<Marked> arrived = new LinkedBlockingQueue<>();

    MarkedSocket(InetSocketAddress address) {
        loops = IoLoops.start(SocketKind.NATIVE, 1, new DefaultThreadFactory("marked"));
        loop = loops.all().getFirst();
        DatagramNetwork.Spec spec =
                new DatagramNetwork.Spec(
                        address,
                        PortUse.ALONE,
                        SocketBuffers.SYSTEM_DEFAULT,
                        new PathSignals(false, true, true));
        Opened opened =
                loop.loop()
                        .submit(() -> SocketKind.NATIVE.network(loop).open(spec, new Arrivals()))
                        .syncUninterruptibly()
                        .getNow()
                        .toCompletableFuture()
                        .join();
        endpoint = ((Opened.Bound) opened).endpoint();
    }

    InetSocketAddress address() {
        return endpoint.localAddress();
    }

    /// Sends with the hop limit that the system gives.
    void send(ByteBuffer bytes, int trafficClass, InetSocketAddress to) {
        send(bytes, trafficClass, 0, to);
    }

    void send(ByteBuffer bytes, int trafficClass, int hopLimit, InetSocketAddress to) {
        TransportAddress numbers = TransportAddress.of(to);
        loop.loop()
                .submit(
                        () -> {
                            Datagram datagram = new Datagram();
                            datagram.wrap(bytes);
                            datagram.trafficClass(trafficClass);
                            datagram.hopLimit(hopLimit);
                            endpoint.send(datagram, numbers.high(), numbers.low(), numbers.port());
                        })
                .syncUninterruptibly();
    }

    Marked take() throws InterruptedException {
        Marked next = arrived.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    @Override
    public void close() {
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Arrivals implements DatagramHandler {

        @Override
        public void received(DatagramEndpoint on, Datagram datagram) {
            byte[] bytes = new byte[datagram.length()];
            datagram.bytes().get(datagram.start(), bytes);
            arrived.add(
                    new Marked(
                            ByteBuffer.wrap(bytes), datagram.trafficClass(), datagram.hopLimit()));
        }

        @Override
        public void unsent(int datagrams) {
            throw new AssertionError("the network did not take " + datagrams);
        }

        @Override
        public void overrun(long datagrams) {
            throw new AssertionError("too slow");
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
