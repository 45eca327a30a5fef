package io.hairpin.client.nat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The sockets and the clock of this machine.
///
/// @param local the address to bind to; a wildcard stands for the one that leads to the server
record SystemNetwork(InetAddress local) implements DiscoveryNetwork {

    @Override
    public DiscoverySocket open(InetSocketAddress server, int port) throws IOException {
        InetAddress address = local.isAnyLocalAddress() ? towards(server) : local;
        return new UdpSocket(new DatagramSocket(new InetSocketAddress(address, port)));
    }

    /// To connect a socket of UDP is to look up the route; nothing is sent.
    private static InetAddress towards(InetSocketAddress server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            return socket.getLocalAddress();
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }

    private record UdpSocket(DatagramSocket socket) implements DiscoverySocket {

        private static final int MAX_DATAGRAM_BYTES = 65_535;

        @Override
        public InetSocketAddress localAddress() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void send(byte[] datagram, InetSocketAddress to) throws IOException {
            socket.send(new DatagramPacket(datagram, datagram.length, to));
        }

        @Override
        public Optional<Arrived> receive(long nanos) throws IOException {
            DatagramPacket packet =
                    new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
            // Zero would be forever.
            socket.setSoTimeout(
                    Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, Integer.MAX_VALUE));
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException nothingCame) {
                return Optional.empty();
            }
            return Optional.of(
                    new Arrived(
                            (InetSocketAddress) packet.getSocketAddress(),
                            ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
