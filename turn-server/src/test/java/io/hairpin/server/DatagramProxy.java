package io.hairpin.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A proxy for UDP: says with the PROXY protocol, version 2, whom each datagram is from, and has a
/// socket for each client, by which it knows whom an answer is for.
final class DatagramProxy implements AutoCloseable {

    private static final long SIGNATURE = 0x0D0A0D0A000D0A51L;
    private static final int SIGNATURE_END = 0x5549540A;

    private final DatagramSocket front = new DatagramSocket(loopback());
    private final InetSocketAddress server;
    private final int headers;
    private final Map<SocketAddress, Back> backs = new ConcurrentHashMap<>();

    private DatagramProxy(InetSocketAddress server, int headers) throws IOException {
        this.server = server;
        this.headers = headers;
    }

    /// One that puts a header before each datagram.
    static DatagramProxy to(InetSocketAddress server) throws IOException {
        return to(server, Integer.MAX_VALUE);
    }

    /// One that puts a header before so many datagrams of each client, and then no more.
    static DatagramProxy to(InetSocketAddress server, int headers) throws IOException {
        DatagramProxy proxy = new DatagramProxy(server, headers);
        Thread.startVirtualThread(proxy::forward);
        return proxy;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(TestConfiguration.LOOPBACK_4, 0);
    }

    /// Ends when the socket is closed.
    private void forward() {
        DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        while (!front.isClosed()) {
            try {
                packet.setLength(1 << 16);
                front.receive(packet);
                InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
                Back back = backs.get(client);
                if (back == null) {
                    back = new Back(client);
                    backs.put(client, back);
                    Thread.startVirtualThread(back::answer);
                }
                back.forward(packet);
            } catch (IOException closed) {
                return;
            }
        }
    }

    /// What one client is passed on by.
    private final class Back {

        private final InetSocketAddress client;
        private final DatagramSocket socket = new DatagramSocket(loopback());
        private final AtomicInteger sent = new AtomicInteger();

        Back(InetSocketAddress client) throws IOException {
            this.client = client;
        }

        void forward(DatagramPacket packet) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(packet.getLength() + 64);
            if (sent.getAndIncrement() < headers) {
                bytes.putLong(SIGNATURE).putInt(SIGNATURE_END);
                bytes.put((byte) 0x21).put((byte) 0x12).putShort((short) 12);
                bytes.put(((Inet4Address) client.getAddress()).getAddress());
                bytes.put(front.getLocalAddress().getAddress());
                bytes.putShort((short) client.getPort()).putShort((short) front.getLocalPort());
            }
            bytes.put(packet.getData(), 0, packet.getLength());
            socket.send(new DatagramPacket(bytes.array(), bytes.position(), server));
        }

        void answer() {
            DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
            while (!socket.isClosed()) {
                try {
                    packet.setLength(1 << 16);
                    socket.receive(packet);
                    front.send(new DatagramPacket(packet.getData(), packet.getLength(), client));
                } catch (IOException closed) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        front.close();
        backs.values().forEach(back -> back.socket.close());
    }
}
