package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hairpin.stun.TransportAddress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tells the kernel where the slots of a [PacketArena] are, and reads what it says about what it
/// put into them. All slots stand in one row, so any part of it can be filled by one system call.
final class ReceiveSlots {

    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int NAME_BYTES = SocketAddressStruct.BYTES;

    /// More than all that is asked for: the address, the traffic class, the drops and the length of
    /// segments.
    private static final int CONTROL_BYTES = 128;

    private static final int SLOTS = PacketArena.SLOTS;
    private static final int VECTORS_AT = SLOTS * LinuxAbi.MMSGHDR_BYTES;
    private static final int NAMES_AT = VECTORS_AT + SLOTS * LinuxAbi.IOVEC_BYTES;
    private static final int CONTROLS_AT = NAMES_AT + SLOTS * NAME_BYTES;
    private static final int WHOLE_BYTES = CONTROLS_AT + SLOTS * CONTROL_BYTES;

    private final MemorySegment structs;

    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long localHigh;
    private long localLow;
    private int segmentBytes;
    private boolean hasDrops;
    private int drops;
    private int trafficClass;

    ReceiveSlots(Arena arena, PacketArena packets) {
        structs = arena.allocate(WHOLE_BYTES, Long.BYTES);
        for (int slot = 0; slot < SLOTS; slot++) {
            long message = (long) slot * LinuxAbi.MMSGHDR_BYTES;
            long vector = VECTORS_AT + (long) slot * LinuxAbi.IOVEC_BYTES;
            structs.set(JAVA_LONG, message + LinuxAbi.MSG_NAME, structs.address() + name(slot));
            structs.set(JAVA_LONG, message + LinuxAbi.MSG_IOV, structs.address() + vector);
            structs.set(JAVA_LONG, message + LinuxAbi.MSG_IOVLEN, 1);
            structs.set(
                    JAVA_LONG, message + LinuxAbi.MSG_CONTROL, structs.address() + control(slot));
            structs.set(
                    JAVA_LONG, vector + LinuxAbi.IOV_BASE, packets.address(PacketArena.slot(slot)));
            structs.set(JAVA_LONG, vector + LinuxAbi.IOV_LEN, PacketArena.MAX_RECEIVED_BYTES);
            reset(message);
        }
    }

    /// The address of the `mmsghdr` of a slot, which begins with its `msghdr`.
    long message(int slot) {
        return structs.address() + (long) slot * LinuxAbi.MMSGHDR_BYTES;
    }

    /// The length that `recvmmsg` reported.
    int length(int slot) {
        return structs.get(JAVA_INT, (long) slot * LinuxAbi.MMSGHDR_BYTES + LinuxAbi.MSG_LEN);
    }

    /// Reads what came with the datagram in a slot, and prepares the slot for the next one.
    /// Returns whether the datagram is whole.
    boolean read(int slot) {
        long message = (long) slot * LinuxAbi.MMSGHDR_BYTES;
        int flags = structs.get(JAVA_INT, message + LinuxAbi.MSG_FLAGS);
        long controlBytes = structs.get(JAVA_LONG, message + LinuxAbi.MSG_CONTROLLEN);
        readSource(name(slot));
        localHigh = 0;
        localLow = 0;
        segmentBytes = 0;
        trafficClass = 0;
        hasDrops = false;
        if (controlBytes > 0) {
            readControl(control(slot), Math.min(controlBytes, CONTROL_BYTES));
        }
        reset(message);
        return (flags & (LinuxAbi.MSG_TRUNC | LinuxAbi.MSG_CTRUNC)) == 0;
    }

    private void reset(long message) {
        structs.set(JAVA_INT, message + LinuxAbi.MSG_NAMELEN, NAME_BYTES);
        structs.set(JAVA_LONG, message + LinuxAbi.MSG_CONTROLLEN, CONTROL_BYTES);
    }

    private void readSource(long name) {
        sourceHigh = SocketAddressStruct.high(structs, name);
        sourceLow = SocketAddressStruct.low(structs, name);
        sourcePort = SocketAddressStruct.port(structs, name);
    }

    private void readControl(long start, long bytes) {
        long end = start + bytes;
        long at = start;
        while (ControlMessages.isWhole(structs, at, end)) {
            int level = structs.get(JAVA_INT, at + LinuxAbi.CMSG_LEVEL);
            int type = structs.get(JAVA_INT, at + LinuxAbi.CMSG_TYPE);
            readControl(level, type, at + LinuxAbi.CMSG_DATA);
            at = ControlMessages.next(structs, at);
        }
    }

    private void readControl(int level, int type, long data) {
        if (level == LinuxAbi.SOL_UDP && type == LinuxAbi.UDP_GRO) {
            segmentBytes = structs.get(JAVA_INT, data);
        } else if (level == LinuxAbi.SOL_SOCKET && type == LinuxAbi.SO_RXQ_OVFL) {
            hasDrops = true;
            drops = structs.get(JAVA_INT, data);
        } else if (level == LinuxAbi.IPPROTO_IP && type == LinuxAbi.IP_TOS) {
            trafficClass = Byte.toUnsignedInt(structs.get(JAVA_BYTE, data));
        } else if (level == LinuxAbi.IPPROTO_IPV6 && type == LinuxAbi.IPV6_TCLASS) {
            trafficClass = structs.get(JAVA_INT, data);
        } else if (level == LinuxAbi.IPPROTO_IP && type == LinuxAbi.IP_PKTINFO) {
            // ipi_addr is what the sender wrote, ipi_spec_dst an address of ours to answer from:
            // they differ for broadcasts.
            localHigh = 0;
            localLow =
                    TransportAddress.lowOfIpv4(
                            structs.get(NETWORK_INT, data + LinuxAbi.IPI_SPEC_DST));
        } else if (level == LinuxAbi.IPPROTO_IPV6 && type == LinuxAbi.IPV6_PKTINFO) {
            long high = structs.get(NETWORK_LONG, data + LinuxAbi.IPI6_ADDR);
            if (high >>> 56 != 0xFF) { // no answer can come from a multicast address
                int scope = structs.get(JAVA_INT, data + LinuxAbi.IPI6_IFINDEX);
                localHigh = SocketAddressStruct.scoped(high, scope);
                localLow = structs.get(NETWORK_LONG, data + LinuxAbi.IPI6_ADDR + Long.BYTES);
            }
        }
    }

    private static long name(int slot) {
        return NAMES_AT + (long) slot * NAME_BYTES;
    }

    private static long control(int slot) {
        return CONTROLS_AT + (long) slot * CONTROL_BYTES;
    }

    /// Writes the addresses and the traffic class that were read to `datagram`.
    void describe(Datagram datagram) {
        datagram.from(sourceHigh, sourceLow, sourcePort);
        datagram.local(localHigh, localLow);
        datagram.trafficClass(trafficClass);
    }

    /// The length of the datagrams that arrived as one, all but the last; zero for a single one.
    int segmentBytes() {
        return segmentBytes;
    }

    /// Whether [#drops] was told.
    boolean hasDrops() {
        return hasDrops;
    }

    /// How many datagrams the kernel dropped since the socket was opened, modulo 2^32.
    int drops() {
        return drops;
    }
}
