package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// What control messages are about, and how to get from one to the next in what the kernel wrote
/// beside a datagram.
final class ControlMessages {

    /// None.
    static final long ABSENT = -1;

    // Level and type of a message, as the one number that they are written and read as.
    static final long IPV4_TRAFFIC_CLASS = kind(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_TOS);
    static final long IPV6_TRAFFIC_CLASS = kind(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_TCLASS);
    static final long IPV4_HOP_LIMIT = kind(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_TTL);
    static final long IPV6_HOP_LIMIT = kind(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_HOPLIMIT);
    static final long IPV4_LOCAL_ADDRESS = kind(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_PKTINFO);
    static final long IPV6_LOCAL_ADDRESS = kind(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_PKTINFO);
    static final long IPV4_ERROR = kind(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_RECVERR);
    static final long IPV6_ERROR = kind(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_RECVERR);
    static final long SEGMENTS_TO_SEND = kind(LinuxAbi.SOL_UDP, LinuxAbi.UDP_SEGMENT);
    static final long SEGMENTS_RECEIVED = kind(LinuxAbi.SOL_UDP, LinuxAbi.UDP_GRO);
    static final long DROPS = kind(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_RXQ_OVFL);

    private ControlMessages() {}

    /// The type lies behind the level, in the upper half where bytes are little-endian.
    private static long kind(int level, int type) {
        return ((long) type << Integer.SIZE) | level;
    }

    /// What the message that begins there is about.
    static long kind(MemorySegment structs, long at) {
        return structs.get(JAVA_LONG, at + LinuxAbi.CMSG_LEVEL);
    }

    /// Where the one behind it begins.
    static long next(MemorySegment structs, long at) {
        return at + LinuxAbi.aligned((int) structs.get(JAVA_LONG, at + LinuxAbi.CMSG_LEN));
    }

    /// Where the data is of the first message of that kind, if there are so many bytes of it, or
    /// [#ABSENT].
    static long find(MemorySegment structs, long start, long end, long kind, int dataBytes) {
        int whole = LinuxAbi.CMSG_DATA + dataBytes;
        for (long at = start; at + whole <= end; at = next(structs, at)) {
            if (kind(structs, at) == kind) {
                return at + LinuxAbi.CMSG_DATA;
            }
        }
        return ABSENT;
    }

    /// Begins a message, and returns where its data is to be written.
    static long begin(MemorySegment structs, long at, long kind, int dataBytes) {
        structs.set(JAVA_LONG, at + LinuxAbi.CMSG_LEN, LinuxAbi.CMSG_DATA + dataBytes);
        structs.set(JAVA_LONG, at + LinuxAbi.CMSG_LEVEL, kind);
        return at + LinuxAbi.CMSG_DATA;
    }
}
