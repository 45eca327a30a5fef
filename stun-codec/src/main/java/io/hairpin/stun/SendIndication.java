package io.hairpin.stun;

import java.nio.ByteBuffer;

/// Reads Send indications in place (RFC 8656 §11.2).
///
/// One object is used again and again: [#wrap] looks at a datagram and remembers only numbers, so
/// nothing is allocated, and what it found holds until the next call. Buffers are big-endian.
///
/// The peer comes as the numbers of [TransportAddress].
public final class SendIndication {
    /// What [#wrap] made of the bytes.
    public enum Outcome {
        OK,
        /// Something else, which may be a valid message.
        NOT_SEND,
        /// A length or the peer address is wrong.
        MALFORMED,
        /// An attribute that must be understood and has no meaning here.
        UNKNOWN_ATTRIBUTE,
        NO_PEER,
        NO_DATA
    }

    private static final int TYPE = StunHeader.type(MessageClass.INDICATION, Method.SEND);
    private static final int ABSENT = -1;

    // Constants for the compiler: `switch` cannot read them from the attribute types.
    private static final int XOR_PEER_ADDRESS = 0x0012;
    private static final int DATA = 0x0013;
    private static final int DONT_FRAGMENT = 0x001A;

    private long peerHigh;
    private long peerLow;
    private int peerPort;
    private int peerOffset = ABSENT;
    private int dataOffset = ABSENT;
    private int dataLength;
    private boolean dontFragment;

    /// Looks at the one datagram or frame that is `length` bytes from the absolute `offset` on.
    public Outcome wrap(ByteBuffer buffer, int offset, int length) {
        peerOffset = ABSENT;
        dataOffset = ABSENT;
        dataLength = 0;
        dontFragment = false;
        if (length < StunHeader.BYTES
                || buffer.getShort(offset) != TYPE
                || buffer.getInt(offset + StunHeader.COOKIE_OFFSET) != TransactionId.MAGIC_COOKIE) {
            return Outcome.NOT_SEND;
        }
        int attributes = buffer.getShort(offset + StunHeader.LENGTH_OFFSET) & 0xFFFF;
        if (attributes % 4 != 0 || StunHeader.BYTES + attributes != length) {
            return Outcome.MALFORMED;
        }
        Outcome outcome = walk(buffer, offset + StunHeader.BYTES, offset + length);
        if (outcome != Outcome.OK) {
            return outcome;
        }
        if (peerOffset == ABSENT) {
            return Outcome.NO_PEER;
        }
        if (!readPeer(buffer, offset)) {
            return Outcome.MALFORMED;
        }
        return dataOffset == ABSENT ? Outcome.NO_DATA : Outcome.OK;
    }

    /// Goes over all attributes, so that a message whose end is broken never half counts.
    private Outcome walk(ByteBuffer buffer, int start, int limit) {
        boolean unknown = false;
        int total = 0;
        int at = start;
        while (at < limit) {
            int type = buffer.getShort(at) & 0xFFFF;
            int length = buffer.getShort(at + 2) & 0xFFFF;
            int value = at + StunHeader.ATTRIBUTE_HEADER_BYTES;
            at = value + StunHeader.padded(length);
            if (at > limit || ++total > StunDecoder.MAX_ATTRIBUTES) {
                return Outcome.MALFORMED;
            }
            switch (type) {
                case XOR_PEER_ADDRESS -> peerOffset = peerOffset == ABSENT ? value : peerOffset;
                case DATA -> {
                    if (dataOffset == ABSENT) {
                        dataOffset = value;
                        dataLength = length;
                    }
                }
                case DONT_FRAGMENT -> {
                    if (length != 0) {
                        return Outcome.MALFORMED;
                    }
                    dontFragment = true;
                }
                default -> unknown |= AttributeType.comprehensionRequired(type);
            }
        }
        return unknown ? Outcome.UNKNOWN_ATTRIBUTE : Outcome.OK;
    }

    /// Undoes the XOR of [AddressFormat]'s layout.
    private boolean readPeer(ByteBuffer buffer, int offset) {
        int length = buffer.getShort(peerOffset - 2) & 0xFFFF;
        if (length < AddressFormat.HEADER_BYTES) {
            return false;
        }
        int family = buffer.get(peerOffset + 1);
        int host = peerOffset + AddressFormat.HEADER_BYTES;
        if (family == AddressFamily.IPV4.code() && length == 8) {
            peerHigh = 0;
            peerLow = TransportAddress.lowOfIpv4(buffer.getInt(host) ^ TransactionId.MAGIC_COOKIE);
        } else if (family == AddressFamily.IPV6.code() && length == 20) {
            long high =
                    buffer.getLong(host)
                            ^ xorHigh(buffer.getInt(offset + StunHeader.ID_HIGH_OFFSET));
            peerHigh = TransportAddress.withoutScope(high);
            peerLow = buffer.getLong(host + 8) ^ buffer.getLong(offset + StunHeader.ID_LOW_OFFSET);
        } else {
            return false;
        }
        int port = buffer.getShort(peerOffset + 2) & 0xFFFF;
        peerPort = port ^ (TransactionId.MAGIC_COOKIE >>> 16);
        return true;
    }

    /// What the first half of an IPv6 address is XORed with.
    static long xorHigh(int idHigh) {
        return ((long) TransactionId.MAGIC_COOKIE << 32) | Integer.toUnsignedLong(idHigh);
    }

    public long peerHigh() {
        return peerHigh;
    }

    public long peerLow() {
        return peerLow;
    }

    public int peerPort() {
        return peerPort;
    }

    /// Where the data begins, absolute.
    public int dataOffset() {
        return dataOffset;
    }

    public int dataLength() {
        return dataLength;
    }

    public boolean dontFragment() {
        return dontFragment;
    }
}
