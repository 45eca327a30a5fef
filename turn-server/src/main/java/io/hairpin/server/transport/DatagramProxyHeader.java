package io.hairpin.server.transport;

import io.hairpin.dtls.Introduction;
import io.hairpin.net.Datagram;
import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// The header of the PROXY protocol, version 2, that a proxy puts before a client's datagram. One
/// object serves all datagrams of a listener, one after the other.
///
/// Netty's decoder is for streams and makes objects; this is read for each datagram of a client.
final class DatagramProxyHeader implements Introduction {

    /// What a datagram begins with.
    enum Outcome {
        /// No such header.
        NONE,
        /// The proxy speaks for the [#client()].
        CLIENT,
        /// The proxy speaks for itself, as it does to see whether this server is alive, or for
        /// somebody whom it has no address of.
        PROXY,
        /// A header that is not whole, or of another transport.
        MALFORMED
    }

    static final byte FIRST_BYTE = 0x0D;

    private static final long SIGNATURE = 0x0D0A0D0A000D0A51L;
    private static final int SIGNATURE_END = 0x5549540A;

    /// Signature, version and command, family and transport, length.
    private static final int FIXED_BYTES = 16;

    private static final int VERSION_2_LOCAL = 0x20;
    private static final int VERSION_2_PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int UDP_OVER_IPV4 = 0x12;
    private static final int UDP_OVER_IPV6 = 0x22;

    /// Two addresses and two ports.
    private static final int IPV4_BYTES = 4 + 4 + 2 + 2;

    private static final int IPV6_BYTES = 16 + 16 + 2 + 2;

    private long high;
    private long low;
    private int port;

    /// Reads the header, and narrows the datagram to what is behind it unless it is malformed.
    Outcome read(Datagram datagram) {
        ByteBuffer bytes = datagram.bytes();
        int start = datagram.start();
        if (datagram.length() < FIXED_BYTES
                || bytes.getLong(start) != SIGNATURE
                || bytes.getInt(start + 8) != SIGNATURE_END) {
            return Outcome.NONE;
        }
        int command = bytes.get(start + 12) & 0xFF;
        int transport = bytes.get(start + 13) & 0xFF;
        int length = bytes.getShort(start + 14) & 0xFFFF;
        if (FIXED_BYTES + length > datagram.length()) {
            return Outcome.MALFORMED;
        }
        Outcome outcome =
                switch (command) {
                    case VERSION_2_LOCAL -> Outcome.PROXY;
                    case VERSION_2_PROXY -> source(bytes, start + FIXED_BYTES, transport, length);
                    default -> Outcome.MALFORMED;
                };
        if (outcome != Outcome.MALFORMED) {
            int header = FIXED_BYTES + length;
            datagram.narrow(start + header, datagram.length() - header);
        }
        return outcome;
    }

    /// The destination is the proxy's own address, and says nothing here. What may follow the
    /// addresses is for whoever asks for it.
    private Outcome source(ByteBuffer bytes, int at, int transport, int length) {
        return switch (transport) {
            case UDP_OVER_IPV4 ->
                    length < IPV4_BYTES
                            ? Outcome.MALFORMED
                            : client(
                                    0,
                                    TransportAddress.lowOfIpv4(bytes.getInt(at)),
                                    bytes.getShort(at + 8));
            case UDP_OVER_IPV6 ->
                    length < IPV6_BYTES
                            ? Outcome.MALFORMED
                            : client(
                                    TransportAddress.withoutScope(bytes.getLong(at)),
                                    bytes.getLong(at + 8),
                                    bytes.getShort(at + 32));
            case UNSPECIFIED -> Outcome.PROXY;
            default -> Outcome.MALFORMED;
        };
    }

    private Outcome client(long high, long low, short port) {
        this.high = high;
        this.low = low;
        this.port = port & 0xFFFF;
        return Outcome.CLIENT;
    }

    /// Whom the proxy spoke for last, made on each call.
    @Override
    public InetSocketAddress client() {
        return TransportAddress.socketAddress(high, low, port);
    }

    /// Whether it spoke for the one with that address.
    boolean isFrom(InetSocketAddress client) {
        InetAddress host = client.getAddress();
        return client.getPort() == port
                && TransportAddress.low(host) == low
                && TransportAddress.high(host) == high;
    }
}
