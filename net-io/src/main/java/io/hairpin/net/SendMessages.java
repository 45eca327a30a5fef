package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.hairpin.stun.TransportAddress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tells the kernel what to send: datagrams of a [SendQueue] as the messages of `sendmmsg`. Each
/// message is a datagram, or a run of them to one destination that the kernel cuts apart.
final class SendMessages {

    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /// What the kernels that are in use take in one run.
    static final int MAX_SEGMENTS = 64;

    /// The most bytes in one run: no more than an IP packet could hold.
    static final int MAX_RUN_BYTES = 65_000;

    /// A datagram has a header, a payload and padding.
    private static final int MAX_VECTORS_EACH = 3;

    private static final int NAME_BYTES = SocketAddressStruct.BYTES;

    /// For the length of the segments, the traffic class, the hop limit and the address to send
    /// from.
    private static final int CONTROL_BYTES = 128;

    private static final int MESSAGES = SendQueue.CAPACITY;
    private static final int VECTORS_AT = MESSAGES * LinuxAbi.MMSGHDR_BYTES;
    private static final int NAMES_AT =
            VECTORS_AT + MESSAGES * MAX_VECTORS_EACH * LinuxAbi.IOVEC_BYTES;
    private static final int CONTROLS_AT = NAMES_AT + MESSAGES * NAME_BYTES;
    private static final int WHOLE_BYTES = CONTROLS_AT + MESSAGES * CONTROL_BYTES;

    private final SendQueue queue;
    private final MemorySegment structs;
    private final int[] firstEntry = new int[MESSAGES];
    private final int[] datagrams = new int[MESSAGES];
    private int count;
    private long nextVector;

    SendMessages(Arena arena, SendQueue queue) {
        this.queue = queue;
        structs = arena.allocate(WHOLE_BYTES, Long.BYTES);
        for (int message = 0; message < MESSAGES; message++) {
            long at = offset(message);
            structs.set(JAVA_LONG, at + LinuxAbi.MSG_NAME, structs.address() + name(message));
            structs.set(JAVA_LONG, at + LinuxAbi.MSG_CONTROL, structs.address() + control(message));
        }
    }

    /// Forgets the messages, to begin anew.
    void clear() {
        count = 0;
        nextVector = VECTORS_AT;
    }

    int count() {
        return count;
    }

    /// The address of a message's `mmsghdr`, which begins with its `msghdr`.
    long address(int message) {
        return structs.address() + offset(message);
    }

    /// How many datagrams a message consists of.
    int datagrams(int message) {
        return datagrams[message];
    }

    /// The first datagram of a message.
    int firstEntry(int message) {
        return firstEntry[message];
    }

    /// The length of the datagrams of a message, all but the last.
    int segmentBytes(int message) {
        return queue.totalLength(firstEntry[message]);
    }

    /// Adds one message: `entry`, and those behind it that go the same way and are as long as it
    /// is, but no more than `most`; the last may be shorter. Returns the first that is not in it.
    int add(int entry, int most) {
        int message = count++;
        long vectors = nextVector;
        int segment = queue.totalLength(entry);
        int total = segment;
        int segments = 1;
        addVectors(entry);
        int next = queue.next(entry);
        // An empty datagram would vanish at the end of a run, and cannot be the measure of one.
        for (int length = segment; length == segment && segment > 0; ) {
            if (next == SendQueue.NONE || segments >= most || !queue.isSameWay(entry, next)) {
                break;
            }
            length = queue.totalLength(next);
            if (length > segment || length == 0 || total + length > MAX_RUN_BYTES) {
                break;
            }
            addVectors(next);
            total += length;
            segments++;
            next = queue.next(next);
        }
        firstEntry[message] = entry;
        datagrams[message] = segments;

        long at = offset(message);
        structs.set(JAVA_LONG, at + LinuxAbi.MSG_IOV, structs.address() + vectors);
        structs.set(
                JAVA_LONG, at + LinuxAbi.MSG_IOVLEN, (nextVector - vectors) / LinuxAbi.IOVEC_BYTES);
        structs.set(JAVA_INT, at + LinuxAbi.MSG_NAMELEN, writeName(entry, name(message)));
        long control = writeControl(entry, control(message), segments > 1 ? segment : 0);
        structs.set(JAVA_LONG, at + LinuxAbi.MSG_CONTROLLEN, control);
        return next;
    }

    private void addVectors(int entry) {
        if (queue.headLength(entry) > 0) {
            addVector(queue.headAddress(entry), queue.headLength(entry));
        }
        addVector(queue.address(entry), queue.length(entry));
        if (queue.padding(entry) > 0) {
            addVector(queue.paddingAddress(), queue.padding(entry));
        }
    }

    private void addVector(long address, int length) {
        structs.set(JAVA_LONG, nextVector + LinuxAbi.IOV_BASE, address);
        structs.set(JAVA_LONG, nextVector + LinuxAbi.IOV_LEN, length);
        nextVector += LinuxAbi.IOVEC_BYTES;
    }

    /// Returns the length of what was written.
    private int writeName(int entry, long at) {
        long high = queue.high(entry);
        long low = queue.low(entry);
        structs.set(NETWORK_SHORT, at + LinuxAbi.SIN_PORT, (short) queue.port(entry));
        if (TransportAddress.isIpv4(high, low)) {
            structs.set(JAVA_SHORT, at + LinuxAbi.SIN_FAMILY, (short) LinuxAbi.AF_INET);
            structs.set(NETWORK_INT, at + LinuxAbi.SIN_ADDR, (int) low);
            return LinuxAbi.SOCKADDR_IN_BYTES;
        }
        structs.set(JAVA_SHORT, at + LinuxAbi.SIN_FAMILY, (short) LinuxAbi.AF_INET6);
        structs.set(JAVA_INT, at + LinuxAbi.SIN6_FLOWINFO, 0); // sin_addr of an earlier message
        structs.set(NETWORK_LONG, at + LinuxAbi.SIN6_ADDR, TransportAddress.withoutScope(high));
        structs.set(NETWORK_LONG, at + LinuxAbi.SIN6_ADDR + Long.BYTES, low);
        structs.set(JAVA_INT, at + LinuxAbi.SIN6_SCOPE_ID, TransportAddress.scope(high));
        return LinuxAbi.SOCKADDR_IN6_BYTES;
    }

    /// Returns the length of what was written.
    private long writeControl(int entry, long start, int segmentBytes) {
        long at = start;
        if (segmentBytes > 0) {
            long data =
                    ControlMessages.begin(
                            structs, at, ControlMessages.SEGMENTS_TO_SEND, Short.BYTES);
            structs.set(JAVA_SHORT, data, (short) segmentBytes);
            at += LinuxAbi.controlSpace(Short.BYTES);
        }
        int fields = queue.headerFields(entry);
        if (fields != 0) {
            boolean isIpv4 = TransportAddress.isIpv4(queue.high(entry), queue.low(entry));
            at += writeFields(fields, isIpv4, at);
        }
        return at + writeSource(entry, at) - start;
    }

    /// Returns the length of what was written.
    private long writeFields(int fields, boolean isIpv4, long start) {
        long at = start;
        int trafficClass = HeaderFields.trafficClass(fields);
        if (trafficClass != 0) {
            at +=
                    writeField(
                            at,
                            isIpv4
                                    ? ControlMessages.IPV4_TRAFFIC_CLASS
                                    : ControlMessages.IPV6_TRAFFIC_CLASS,
                            trafficClass);
        }
        int hopLimit = HeaderFields.hopLimit(fields);
        if (hopLimit != 0) {
            at +=
                    writeField(
                            at,
                            isIpv4
                                    ? ControlMessages.IPV4_HOP_LIMIT
                                    : ControlMessages.IPV6_HOP_LIMIT,
                            hopLimit);
        }
        return at - start;
    }

    /// Returns the length of what was written.
    private long writeField(long at, long kind, int value) {
        structs.set(JAVA_INT, ControlMessages.begin(structs, at, kind, Integer.BYTES), value);
        return LinuxAbi.controlSpace(Integer.BYTES);
    }

    /// Returns the length of what was written.
    private long writeSource(int entry, long start) {
        long at = start;
        long high = queue.localHigh(entry);
        long low = queue.localLow(entry);
        if ((high | low) == 0) {
            return 0;
        }
        if (TransportAddress.isIpv4(high, low)) {
            int bytes = LinuxAbi.IN_PKTINFO_BYTES;
            long data =
                    ControlMessages.begin(structs, at, ControlMessages.IPV4_LOCAL_ADDRESS, bytes);
            structs.set(JAVA_INT, data + LinuxAbi.IPI_IFINDEX, 0);
            structs.set(NETWORK_INT, data + LinuxAbi.IPI_SPEC_DST, (int) low);
            structs.set(JAVA_INT, data + LinuxAbi.IPI_ADDR, 0);
            at += LinuxAbi.controlSpace(bytes);
        } else {
            int bytes = LinuxAbi.IN6_PKTINFO_BYTES;
            long data =
                    ControlMessages.begin(structs, at, ControlMessages.IPV6_LOCAL_ADDRESS, bytes);
            structs.set(
                    NETWORK_LONG, data + LinuxAbi.IPI6_ADDR, TransportAddress.withoutScope(high));
            structs.set(NETWORK_LONG, data + LinuxAbi.IPI6_ADDR + Long.BYTES, low);
            structs.set(JAVA_INT, data + LinuxAbi.IPI6_IFINDEX, TransportAddress.scope(high));
            at += LinuxAbi.controlSpace(bytes);
        }
        return at - start;
    }

    private static long offset(int message) {
        return (long) message * LinuxAbi.MMSGHDR_BYTES;
    }

    private static long name(int message) {
        return NAMES_AT + (long) message * NAME_BYTES;
    }

    private static long control(int message) {
        return CONTROLS_AT + (long) message * CONTROL_BYTES;
    }
}
