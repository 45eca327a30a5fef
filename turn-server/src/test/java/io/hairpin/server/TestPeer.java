package io.hairpin.server;

import io.hairpin.stun.AddressFamily;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// A peer: a plain UDP socket on loopback.
final class TestPeer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5_000;

    private final PeerPort port;
    private final DatagramSocket socket;
    private InetSocketAddress lastSender;

    private TestPeer(PeerPort port) {
        this.port = port;
        this.socket = port.udp();
        this.lastSender = port.address();
    }

    static TestPeer open(AddressFamily family) throws IOException {
        return open(
                switch (family) {
                    case IPV4 -> TestConfiguration.LOOPBACK_4;
                    case IPV6 -> TestConfiguration.LOOPBACK_6;
                });
    }

    static TestPeer open(InetAddress address) throws IOException {
        PeerPort port = PeerPort.open(address);
        port.udp().setSoTimeout(PATIENCE_MILLIS);
        return new TestPeer(port);
    }

    InetSocketAddress address() {
        return port.address();
    }

    /// Waits for a datagram.
    byte[] receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        socket.receive(packet);
        lastSender = (InetSocketAddress) packet.getSocketAddress();
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /// Where the datagram received last came from.
    InetSocketAddress lastSender() {
        return lastSender;
    }

    void send(byte[] bytes, InetSocketAddress to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
