package io.hairpin.client.nat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A UDP socket that is connected to nobody, since answers come from several addresses.
interface DiscoverySocket extends AutoCloseable {

    /// A datagram and whom it is from.
    record Arrived(InetSocketAddress from, ByteBuffer bytes) {}

    InetSocketAddress localAddress();

    void send(byte[] datagram, InetSocketAddress to) throws IOException;

    /// The next datagram, or empty if none comes within that time.
    Optional<Arrived> receive(long nanos) throws IOException;

    @Override
    void close();
}
