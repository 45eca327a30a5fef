package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hairpin.stun.IcmpError;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Reads the errors that datagrams met after they were sent, which the kernel keeps for each socket
/// that asks for them (`IP_RECVERR`, `IPV6_RECVERR`).
final class ErrorQueue {

    /// The most errors read for one socket before the others get their turn.
    static final int MAX_ERRORS = 16;

    /// More than the error, who told it, and all else that the socket asks for.
    private static final int CONTROL_BYTES = 256;

    private static final int EXTENDED_ERROR_BYTES = 16;

    /// Nothing was refused.
    private static final int NO_PORT = -1;

    private static final int NAME_AT = LinuxAbi.MMSGHDR_BYTES;
    private static final int CONTROL_AT = NAME_AT + SocketAddressStruct.BYTES;
    private static final int WHOLE_BYTES = CONTROL_AT + CONTROL_BYTES;

    // RFC 792 and RFC 1191, RFC 4443 §3.2.
    private static final int DESTINATION_UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int PACKET_TOO_BIG = 2;

    private final MemorySegment structs;

    ErrorQueue(Arena arena) {
        structs = arena.allocate(WHOLE_BYTES, Long.BYTES);
        structs.set(JAVA_LONG, LinuxAbi.MSG_NAME, structs.address() + NAME_AT);
        structs.set(JAVA_LONG, LinuxAbi.MSG_CONTROL, structs.address() + CONTROL_AT);
    }

    /// Tells a socket the ICMP errors that wait for it. If there are too many the socket remains
    /// ready.
    void read(LinuxDatagramEndpoint on) {
        read(on, NO_PORT);
    }

    /// The same after this machine has refused a datagram to that port as too long. Each attempt to
    /// send it has left an error, one of which is told as a router would tell it; over IPv4 the
    /// kernel does not name the port.
    void readRefusal(LinuxDatagramEndpoint on, int port) {
        read(on, port);
    }

    private void read(LinuxDatagramEndpoint on, int port) {
        int refused = port;
        for (int i = 0; i < MAX_ERRORS && on.isOpen(); i++) {
            structs.set(JAVA_INT, LinuxAbi.MSG_NAMELEN, SocketAddressStruct.BYTES);
            structs.set(JAVA_LONG, LinuxAbi.MSG_CONTROLLEN, CONTROL_BYTES);
            if (SystemCalls.recvError(on.descriptor(), structs.address()) < 0) {
                return;
            }
            long at = find();
            if (at == ControlMessages.ABSENT) {
                continue;
            }
            if (structs.get(JAVA_BYTE, at + LinuxAbi.EE_ORIGIN) != LinuxAbi.SO_EE_ORIGIN_LOCAL) {
                tell(on, SocketAddressStruct.port(structs, NAME_AT), received(at));
            } else if (refused != NO_PORT) {
                tell(on, refused, met(at));
                refused = NO_PORT;
            }
        }
    }

    private void tell(LinuxDatagramEndpoint on, int port, @Nullable IcmpError error) {
        if (error != null) {
            long high = SocketAddressStruct.high(structs, NAME_AT);
            long low = SocketAddressStruct.low(structs, NAME_AT);
            on.icmp(TransportAddress.socketAddress(high, low, port), error);
        }
    }

    /// Where the error is that was read, if it says whom it is about.
    private long find() {
        boolean isIpv4 = SocketAddressStruct.isIpv4(structs, NAME_AT);
        long kind = isIpv4 ? ControlMessages.IPV4_ERROR : ControlMessages.IPV6_ERROR;
        long bytes = Math.min(structs.get(JAVA_LONG, LinuxAbi.MSG_CONTROLLEN), CONTROL_BYTES);
        return structs.get(JAVA_INT, LinuxAbi.MSG_NAMELEN) < LinuxAbi.SOCKADDR_IN_BYTES
                ? ControlMessages.ABSENT
                : ControlMessages.find(
                        structs, CONTROL_AT, CONTROL_AT + bytes, kind, EXTENDED_ERROR_BYTES);
    }

    /// What an ICMP message said, or null if it told of no error.
    private @Nullable IcmpError received(long at) {
        byte origin = structs.get(JAVA_BYTE, at + LinuxAbi.EE_ORIGIN);
        boolean isIcmp =
                origin == LinuxAbi.SO_EE_ORIGIN_ICMP || origin == LinuxAbi.SO_EE_ORIGIN_ICMP6;
        byte type = structs.get(JAVA_BYTE, at + LinuxAbi.EE_TYPE);
        if (!isIcmp || type < 0) { // types from 128 on are no errors (RFC 4443 §2.1)
            return null;
        }
        int code = Byte.toUnsignedInt(structs.get(JAVA_BYTE, at + LinuxAbi.EE_CODE));
        return new IcmpError(type, code, structs.get(JAVA_INT, at + LinuxAbi.EE_INFO));
    }

    private @Nullable IcmpError met(long at) {
        if (structs.get(JAVA_INT, at + LinuxAbi.EE_ERRNO) != LinuxAbi.EMSGSIZE) {
            return null;
        }
        int mtu = structs.get(JAVA_INT, at + LinuxAbi.EE_INFO);
        return SocketAddressStruct.isIpv4(structs, NAME_AT)
                ? new IcmpError(DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, mtu)
                : new IcmpError(PACKET_TOO_BIG, 0, mtu);
    }
}
