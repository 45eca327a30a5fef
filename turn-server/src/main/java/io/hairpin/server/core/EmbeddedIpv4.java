package io.hairpin.server.core;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The IPv4 addresses that an IPv6 address can smuggle past a rule written for IPv4.
final class EmbeddedIpv4 {

    private static final Cidr MAPPED_OR_COMPATIBLE = new Cidr(Cidr.address(new byte[16]), 80);
    private static final Cidr SIX_TO_FOUR = Cidr.of("2002::/16");
    private static final Cidr TEREDO = Cidr.of("2001::/32");
    private static final Cidr NAT64 = Cidr.of("64:ff9b::/96");
    private static final Cidr SIIT = Cidr.of("::ffff:0:0:0/96");
    private static final Cidr NAT64_LOCAL = Cidr.of("64:ff9b:1::/48");

    private EmbeddedIpv4() {}

    /// The address itself, or the IPv4 address it is another spelling of: IPv4-mapped and the
    /// deprecated IPv4-compatible ones (RFC 4291 §2.5.5). `::` and `::1` stand for themselves.
    static InetAddress canonical(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4 || !MAPPED_OR_COMPATIBLE.contains(address)) {
            return address;
        }
        int marker = ((bytes[10] & 0xFF) << 8) | (bytes[11] & 0xFF);
        boolean mapped = marker == 0xFFFF;
        boolean compatible = marker == 0 && !isUnspecifiedOrLoopback(bytes);
        return mapped || compatible ? ipv4(bytes, 12) : address;
    }

    static InetSocketAddress canonical(InetSocketAddress address) {
        InetAddress canonical = canonical(address.getAddress());
        return canonical.equals(address.getAddress())
                ? address
                : new InetSocketAddress(canonical, address.getPort());
    }

    /// The IPv4 addresses that a packet to this address may end up at, by 6to4 (RFC 3056), Teredo
    /// (RFC 4380), NAT64 (RFC 6052), its forerunner SIIT (RFC 2765) or ISATAP (RFC 5214).
    static List<InetAddress> behind(InetAddress address) {
        if (address instanceof Inet4Address) {
            return List.of();
        }
        byte[] bytes = address.getAddress();
        List<InetAddress> found = new ArrayList<>(2);
        if (SIX_TO_FOUR.contains(address)) {
            found.add(ipv4(bytes, 2));
        }
        if (TEREDO.contains(address)) {
            found.add(ipv4(bytes, 4));
            byte[] inverted = Arrays.copyOfRange(bytes, 12, 16);
            for (int i = 0; i < inverted.length; i++) {
                inverted[i] = (byte) ~inverted[i];
            }
            found.add(Cidr.address(inverted));
        }
        if (NAT64.contains(address) || SIIT.contains(address) || isIsatap(bytes)) {
            found.add(ipv4(bytes, 12));
        }
        if (NAT64_LOCAL.contains(address)) { // byte 8 is reserved within a /48 (RFC 6052 §2.2)
            found.add(Cidr.address(new byte[] {bytes[6], bytes[7], bytes[9], bytes[10]}));
        }
        return found;
    }

    /// Whether packets to this address go through a tunnel that anybody may send into: 6to4 or
    /// Teredo.
    static boolean isTunneled(InetAddress address) {
        return SIX_TO_FOUR.contains(address) || TEREDO.contains(address);
    }

    /// The interface identifier says so, whatever the prefix; its second bit tells whether the
    /// IPv4 address is unique in the world.
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & 0xFD) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5E
                && bytes[11] == (byte) 0xFE;
    }

    private static boolean isUnspecifiedOrLoopback(byte[] bytes) {
        return bytes[12] == 0 && bytes[13] == 0 && bytes[14] == 0 && (bytes[15] & 0xFE) == 0;
    }

    private static InetAddress ipv4(byte[] bytes, int offset) {
        return Cidr.address(Arrays.copyOfRange(bytes, offset, offset + 4));
    }
}
