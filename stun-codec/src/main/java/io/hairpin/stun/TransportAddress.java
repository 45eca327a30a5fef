package io.hairpin.stun;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An IP address and a port (RFC 8489 §4) as three numbers, so that the data path can compare and
/// look up addresses without making objects of them.
///
/// `high` and `low` are the halves of an IPv6 address; an IPv4 address is in its IPv4-mapped form,
/// so each address has one spelling. The scope of a link-local address, which says on which
/// interface it is, stands in the lower half of `high`: those bits are zero on the wire.
public record TransportAddress(long high, long low, int port) {

    private static final long IPV4_MAPPED = 0xFFFFL << 32;
    private static final long LINK_LOCAL_PREFIX = 0xFE80L << 48;
    private static final long LINK_LOCAL_MASK = 0xFFC0L << 48;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    public static TransportAddress of(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return new TransportAddress(high(host), low(host), address.getPort());
    }

    /// The upper half of the numbers for `host`.
    public static long high(InetAddress host) {
        if (!(host instanceof Inet6Address ipv6)) {
            return 0;
        }
        long high = ByteBuffer.wrap(ipv6.getAddress()).getLong(0);
        return isLinkLocal(high) ? (high & ~LOWER_HALF) | ipv6.getScopeId() : high;
    }

    /// The lower half of the numbers for `host`.
    public static long low(InetAddress host) {
        ByteBuffer bytes = ByteBuffer.wrap(host.getAddress());
        return host instanceof Inet4Address ? lowOfIpv4(bytes.getInt(0)) : bytes.getLong(8);
    }

    /// The lower half of the numbers for an IPv4 address; the upper one is zero.
    public static long lowOfIpv4(int address) {
        return IPV4_MAPPED | Integer.toUnsignedLong(address);
    }

    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == IPV4_MAPPED >>> 32;
    }

    public static AddressFamily family(long high, long low) {
        return isIpv4(high, low) ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    /// Whether these are the upper bits of a link-local address of IPv6.
    public static boolean isLinkLocal(long high) {
        return (high & LINK_LOCAL_MASK) == LINK_LOCAL_PREFIX;
    }

    /// `high` as it is on the wire, without a scope.
    public static long withoutScope(long high) {
        return isLinkLocal(high) ? high & ~LOWER_HALF : high;
    }

    /// The scope of a link-local address, or zero.
    public static int scope(long high) {
        return isLinkLocal(high) ? (int) high : 0;
    }

    public static InetSocketAddress socketAddress(long high, long low, int port) {
        return new InetSocketAddress(inetAddress(high, low), port);
    }

    public static InetAddress inetAddress(long high, long low) {
        try {
            if (isIpv4(high, low)) {
                return InetAddress.getByAddress(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) low).array());
            }
            byte[] bytes = new byte[2 * Long.BYTES];
            ByteBuffer.wrap(bytes).putLong(withoutScope(high)).putLong(low);
            int scope = scope(high);
            return scope == 0
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    public AddressFamily family() {
        return family(high, low);
    }

    public InetSocketAddress socketAddress() {
        return socketAddress(high, low, port);
    }
}
