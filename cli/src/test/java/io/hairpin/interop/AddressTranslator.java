package io.hairpin.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A NAT before a server, both on loopback: each client's datagrams reach the server from a port of
/// their own, so that what a client learns of itself differs from what it knows.
final class AddressTranslator implements AutoCloseable {

    private static final int MAX_CLIENTS = 100;
    private static final int MAX_DATAGRAM = 65_535;

    private final InetSocketAddress server;
    private final DatagramSocket inside;
    private final Map<SocketAddress, DatagramSocket> outside = new ConcurrentHashMap<>();

    private AddressTranslator(InetSocketAddress server, DatagramSocket inside) {
        this.server = server;
        this.inside = inside;
    }

    static AddressTranslator before(InetSocketAddress server) {
        try {
            DatagramSocket inside = new DatagramSocket(0, server.getAddress());
            AddressTranslator translator = new AddressTranslator(server, inside);
            Thread.ofVirtual().start(() -> forward(inside, translator::toServer));
            return translator;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where clients find the server.
    int port() {
        return inside.getLocalPort();
    }

    /// Where the server sees clients.
    Stream<InetSocketAddress> mappings() {
        return outside.values().stream()
                .map(socket -> (InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Override
    public void close() {
        inside.close();
        outside.values().forEach(DatagramSocket::close);
    }

    private void toServer(DatagramPacket datagram) throws IOException {
        SocketAddress client = datagram.getSocketAddress();
        DatagramSocket mapping = outside.get(client);
        if (mapping == null) {
            if (outside.size() == MAX_CLIENTS) {
                return;
            }
            mapping = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            outside.put(client, mapping);
            DatagramSocket opened = mapping;
            Thread.ofVirtual().start(() -> forward(opened, answer -> toClient(answer, client)));
        }
        datagram.setSocketAddress(server);
        mapping.send(datagram);
    }

    private void toClient(DatagramPacket answer, SocketAddress client) throws IOException {
        answer.setSocketAddress(client);
        inside.send(answer);
    }

    private interface Direction {
        void pass(DatagramPacket datagram) throws IOException;
    }

    private static void forward(DatagramSocket from, Direction direction) {
        byte[] bytes = new byte[MAX_DATAGRAM];
        try {
            while (true) {
                DatagramPacket datagram = new DatagramPacket(bytes, bytes.length);
                from.receive(datagram);
                direction.pass(datagram);
            }
        } catch (IOException e) {
            if (!from.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
