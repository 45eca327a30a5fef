package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.hairpin.stun.TransportAddress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads what the kernel writes as a `struct sockaddr_in` or `sockaddr_in6`, as the numbers of
/// [TransportAddress].
final class SocketAddressStruct {

    /// Room for either.
    static final int BYTES = 32;

    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddressStruct() {}

    static boolean isIpv4(MemorySegment structs, long at) {
        return structs.get(JAVA_SHORT, at + LinuxAbi.SIN_FAMILY) == LinuxAbi.AF_INET;
    }

    static long high(MemorySegment structs, long at) {
        return isIpv4(structs, at)
                ? 0
                : scoped(
                        structs.get(NETWORK_LONG, at + LinuxAbi.SIN6_ADDR),
                        structs.get(JAVA_INT, at + LinuxAbi.SIN6_SCOPE_ID));
    }

    static long low(MemorySegment structs, long at) {
        return isIpv4(structs, at)
                ? TransportAddress.lowOfIpv4(structs.get(NETWORK_INT, at + LinuxAbi.SIN_ADDR))
                : structs.get(NETWORK_LONG, at + LinuxAbi.SIN6_ADDR + Long.BYTES);
    }

    static int port(MemorySegment structs, long at) {
        return Short.toUnsignedInt(structs.get(NETWORK_SHORT, at + LinuxAbi.SIN_PORT));
    }

    /// Keeps the scope of a link-local address with its upper half.
    static long scoped(long high, int scope) {
        return TransportAddress.isLinkLocal(high)
                ? TransportAddress.withoutScope(high) | Integer.toUnsignedLong(scope)
                : high;
    }
}
