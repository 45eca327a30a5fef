package io.hairpin.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/// A peer on loopback that returns each datagram to who sent it.
final class EchoPeer implements AutoCloseable {
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final Thread echo;

    private EchoPeer(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.echo = Thread.ofVirtual().name("echo-peer").start(this::run);
    }

    static EchoPeer open() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        return new EchoPeer(
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        try {
            echo.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ByteBuffer datagram = ByteBuffer.allocate(65_535);
        try {
            while (true) {
                InetSocketAddress from = (InetSocketAddress) channel.receive(datagram.clear());
                channel.send(datagram.flip(), from);
            }
        } catch (ClosedChannelException closed) {
            // This is how close() ends it.
            return;
        } catch (IOException failure) {
            throw new IllegalStateException("the peer cannot echo", failure);
        }
    }
}
