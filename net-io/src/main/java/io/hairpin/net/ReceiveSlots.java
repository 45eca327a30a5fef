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

    /// More than all that is asked for (the address, the traffic class, the hop limit, the drops
    /// and the length of segments), in whole lines of the caches.
    private static final int CONTROL_BYTES = 192;

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
    private int headerFields;

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
        headerFields = 0;
        hasDrops = false;
        boolean isWhole = (flags & (LinuxAbi.MSG_TRUNC | LinuxAbi.MSG_CTRUNC)) == 0;
        if (isWhole) {
            readControl(control(slot), control(slot) + controlBytes);
        }
        reset(message);
        return isWhole;
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

    /// The kernel wrote these messages, and each is whole: what it says of them is not doubted.
    private void readControl(long start, long end) {
        for (long at = start; at < end; at = ControlMessages.next(structs, at)) {
            read(ControlMessages.kind(structs, at), at + LinuxAbi.CMSG_DATA);
        }
    }

    /// What most datagrams come with is asked for first.
    private void read(long kind, long data) {
        if (kind == ControlMessages.IPV4_TRAFFIC_CLASS) {
            headerFields |= HeaderFields.of(structs.get(JAVA_BYTE, data), 0);
        } else if (kind == ControlMessages.IPV6_TRAFFIC_CLASS) {
            headerFields |= HeaderFields.of(structs.get(JAVA_INT, data), 0);
        } else if (kind == ControlMessages.SEGMENTS_RECEIVED) {
            segmentBytes = structs.get(JAVA_INT, data);
        } else if (kind == ControlMessages.IPV4_HOP_LIMIT
                || kind == ControlMessages.IPV6_HOP_LIMIT) {
            int hops = Math.max(structs.get(JAVA_INT, data), 1); // none left is as good as one
            headerFields |= HeaderFields.of(0, hops);
        } else if (kind == ControlMessages.IPV4_LOCAL_ADDRESS) {
            readIpv4LocalAddress(data);
        } else if (kind == ControlMessages.IPV6_LOCAL_ADDRESS) {
            readIpv6LocalAddress(data);
        } else if (kind == ControlMessages.DROPS) {
            hasDrops = true;
            drops = structs.get(JAVA_INT, data);
        }
    }

    /// `ipi_addr` is what the sender wrote, `ipi_spec_dst` an address of ours to answer from: they
    /// differ for broadcasts.
    private void readIpv4LocalAddress(long data) {
        localHigh = 0;
        localLow =
                TransportAddress.lowOfIpv4(structs.get(NETWORK_INT, data + LinuxAbi.IPI_SPEC_DST));
    }

    /// No answer can come from a multicast address.
    private void readIpv6LocalAddress(long data) {
        long high = structs.get(NETWORK_LONG, data + LinuxAbi.IPI6_ADDR);
        if (high >>> 56 != 0xFF) {
            int scope = structs.get(JAVA_INT, data + LinuxAbi.IPI6_IFINDEX);
            localHigh = SocketAddressStruct.scoped(high, scope);
            localLow = structs.get(NETWORK_LONG, data + LinuxAbi.IPI6_ADDR + Long.BYTES);
        }
    }

    private static long name(int slot) {
        return NAMES_AT + (long) slot * NAME_BYTES;
    }

    private static long control(int slot) {
        return CONTROLS_AT + (long) slot * CONTROL_BYTES;
    }

    /// Writes the addresses and the fields of the header that were read to `datagram`.
    void describe(Datagram datagram) {
        datagram.from(sourceHigh, sourceLow, sourcePort);
        datagram.local(localHigh, localLow);
        datagram.headerFields(headerFields);
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
