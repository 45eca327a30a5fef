package io.hairpin.client;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// Datagrams over a connected socket: the kernel drops what comes from anybody but the server.
final class UdpTransport implements Transport {
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private final DatagramChannel channel;
    private final InetSocketAddress localAddress;
    private final ReaderThread reader;

    private UdpTransport(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.localAddress = (InetSocketAddress) channel.getLocalAddress();
        this.reader = new ReaderThread("turn-client-udp " + localAddress);
    }

    static UdpTransport open(InetSocketAddress server, InetSocketAddress local) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(
                        server.getAddress() instanceof Inet4Address
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        try {
            channel.bind(LocalAddress.towards(server, local)).connect(server);
            return new UdpTransport(channel);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    @Override
    public boolean reliable() {
        return false;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void start(Inbound inbound) {
        reader.start(() -> read(inbound));
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        channel.write(packet.duplicate());
    }

    @Override
    public void close() throws IOException {
        channel.close();
        reader.join();
    }

    private void read(Inbound inbound) {
        IOException end = new IOException("the reader failed");
        try {
            ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
            while (true) {
                datagram.clear();
                try {
                    channel.read(datagram);
                } catch (PortUnreachableException refused) {
                    inbound.unreachable(refused);
                    continue;
                }
                inbound.packet(datagram.flip());
            }
        } catch (IOException closed) {
            end = closed;
        } finally {
            inbound.ended(end);
        }
    }
}
