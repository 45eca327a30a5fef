package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.Opened;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A DTLS server on a real socket that sends back what it is sent.
final class EchoServer implements DatagramHandler, AutoCloseable {

    final Recorder served = new Recorder();
    final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final IoLoops loops;
    private final DatagramNetwork network;
    private final InetSocketAddress address;
    private volatile @Nullable DtlsServer server;

    EchoServer(SocketKind kind, DtlsIdentities identities) {
        served.echoes = true;
        loops = IoLoops.start(kind, 1, new DefaultThreadFactory("echo"));
        IoLoop loop = loops.all().getFirst();
        network = kind.network(loop);
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        DatagramNetwork.Spec spec =
                new DatagramNetwork.Spec(
                        any, DatagramNetwork.PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT);
        Opened opened =
                loop.loop()
                        .submit(() -> network.open(spec, this))
                        .syncUninterruptibly()
                        .getNow()
                        .toCompletableFuture()
                        .join();
        address = ((Opened.Bound) opened).endpoint().localAddress();
        DtlsEngine engine = new DtlsEngine(identities, Lab.LIMITS, new SecureRandom());
        server =
                loop.loop()
                        .submit(() -> engine.server(loop, served))
                        .syncUninterruptibly()
                        .getNow();
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void received(DatagramEndpoint on, Datagram datagram) {
        if (server != null) {
            server.received(on, datagram);
        }
    }

    @Override
    public void unsent(int datagrams) {}

    @Override
    public void overrun(long datagrams) {}

    @Override
    public void failed(Throwable cause) {
        faults.add(cause);
    }

    @Override
    public void close() {
        loops.all()
                .getFirst()
                .loop()
                .submit(network::close)
                .syncUninterruptibly()
                .getNow()
                .toCompletableFuture()
                .join();
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
