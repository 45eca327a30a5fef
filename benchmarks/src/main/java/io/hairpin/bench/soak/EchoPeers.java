package io.hairpin.bench.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.LongAdder;

/// Peers that send back what they get: one by UDP, one by TCP.
final class EchoPeers implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_535;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final DatagramChannel datagrams;
    private final ServerSocket connections;

    /// Echoes that found nobody any more, as happens where clients vanish.
    private final LongAdder relaysGone = new LongAdder();

    private EchoPeers(DatagramChannel datagrams, ServerSocket connections) {
        this.datagrams = datagrams;
        this.connections = connections;
    }

    static EchoPeers start() {
        try {
            DatagramChannel datagrams = DatagramChannel.open();
            datagrams.bind(new InetSocketAddress(LOOPBACK, 0));
            ServerSocket connections = new ServerSocket(0, 1000, LOOPBACK);
            EchoPeers peers = new EchoPeers(datagrams, connections);
            Thread.ofVirtual().name("peer-udp").start(peers::echoDatagrams);
            Thread.ofVirtual().name("peer-tcp").start(peers::accept);
            return peers;
        } catch (IOException e) {
            throw new SoakException("cannot open a peer: " + e.getMessage(), e);
        }
    }

    InetSocketAddress udp() {
        return new InetSocketAddress(LOOPBACK, datagrams.socket().getLocalPort());
    }

    InetSocketAddress tcp() {
        return new InetSocketAddress(LOOPBACK, connections.getLocalPort());
    }

    private void echoDatagrams() {
        ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
        while (datagrams.isOpen()) {
            try {
                SocketAddress from = datagrams.receive(datagram.clear());
                datagrams.send(datagram.flip(), from);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException unreachable) {
                relaysGone.increment();
            }
        }
    }

    private void accept() {
        while (!connections.isClosed()) {
            try {
                Socket relay = connections.accept();
                Thread.ofVirtual().name("peer-tcp-connection").start(() -> echo(relay));
            } catch (IOException e) {
                if (!connections.isClosed()) {
                    throw new SoakException("the TCP peer cannot accept", e);
                }
            }
        }
    }

    private void echo(Socket relay) {
        try (relay) {
            InputStream in = relay.getInputStream();
            in.transferTo(relay.getOutputStream());
        } catch (IOException reset) {
            relaysGone.increment();
        }
    }

    @Override
    public void close() {
        try {
            datagrams.close();
            connections.close();
        } catch (IOException e) {
            throw new SoakException("cannot close a peer", e);
        }
    }
}
