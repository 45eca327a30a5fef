package io.hairpin.stun;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A transport address, as it is or XORed (RFC 8489 §14.1, §14.2).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    reserved   |    Family     |           Port                |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              Address (32 bits or 128 bits)                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
/// The XOR covers the port with the first half of the magic cookie, and the address with the cookie
/// and, for IPv6, the transaction id after it.
enum AddressFormat implements AttributeFormat<InetSocketAddress> {
    PLAIN,
    XOR;

    static final int HEADER_BYTES = 4;

    @Override
    public byte[] encode(InetSocketAddress address, TransactionId id) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("unresolved: " + address);
        }
        AddressFamily family = AddressFamily.of(host);
        byte[] bytes = mask(host.getAddress(), id);
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .putShort((short) family.code())
                .putShort((short) mask(address.getPort()))
                .put(bytes)
                .array();
    }

    @Override
    public Optional<InetSocketAddress> decode(ByteBuffer bytes, TransactionId id) {
        if (bytes.remaining() < HEADER_BYTES) {
            return Optional.empty();
        }
        Optional<AddressFamily> family = AddressFamily.of(bytes.getShort() & 0xFF);
        int port = mask(bytes.getShort() & 0xFFFF);
        return family.filter(f -> f.addressBytes() == bytes.remaining())
                .map(f -> new InetSocketAddress(host(f, bytes, id), port));
    }

    private InetAddress host(AddressFamily family, ByteBuffer bytes, TransactionId id) {
        byte[] host = new byte[family.addressBytes()];
        bytes.get(host);
        return inetAddress(mask(host, id));
    }

    /// The address of 4 or 16 bytes; unlike `InetAddress.getByAddress`, it leaves an IPv4-mapped
    /// IPv6 address what it was on the wire.
    static InetAddress inetAddress(byte[] bytes) {
        try {
            return bytes.length == AddressFamily.IPV4.addressBytes()
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("neither 4 nor 16 bytes", wrongLength);
        }
    }

    private int mask(int port) {
        return this == XOR ? port ^ (TransactionId.MAGIC_COOKIE >>> 16) : port;
    }

    private byte[] mask(byte[] host, TransactionId id) {
        if (this == XOR) {
            byte[] key =
                    ByteBuffer.allocate(16)
                            .putInt(TransactionId.MAGIC_COOKIE)
                            .putInt(id.high())
                            .putLong(id.low())
                            .array();
            for (int i = 0; i < host.length; i++) {
                host[i] ^= key[i];
            }
        }
        return host;
    }
}
