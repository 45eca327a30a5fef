package io.hairpin.stun;

import java.nio.ByteBuffer;

/// Writes a Data indication in front of the data it carries (RFC 8656 §11.3).
///
/// XOR-PEER-ADDRESS comes first and DATA last, so data that was received with enough room before it
/// never moves. Behind it go [#paddingOf] zeros.
public final class DataIndication {
    private static final int TYPE = StunHeader.type(MessageClass.INDICATION, Method.DATA);

    private DataIndication() {}

    /// Everything before the data.
    public static int headerBytes(AddressFamily family) {
        return StunHeader.BYTES
                + StunHeader.ATTRIBUTE_HEADER_BYTES
                + AddressFormat.HEADER_BYTES
                + family.addressBytes()
                + StunHeader.ATTRIBUTE_HEADER_BYTES;
    }

    /// The zeros that follow so many bytes of data.
    public static int paddingOf(int dataLength) {
        return StunHeader.padded(dataLength) - dataLength;
    }

    /// Writes the header for data from the peer with the numbers `peerHigh`, `peerLow` and
    /// `peerPort` (see [TransportAddress]); allocates nothing.
    public static void writeHeader(
            ByteBuffer buffer,
            int offset,
            int idHigh,
            long idLow,
            long peerHigh,
            long peerLow,
            int peerPort,
            int dataLength) {
        AddressFamily family = TransportAddress.family(peerHigh, peerLow);
        int header = headerBytes(family);
        buffer.putShort(offset, (short) TYPE);
        buffer.putShort(
                offset + StunHeader.LENGTH_OFFSET,
                (short) (header - StunHeader.BYTES + StunHeader.padded(dataLength)));
        buffer.putInt(offset + StunHeader.COOKIE_OFFSET, TransactionId.MAGIC_COOKIE);
        buffer.putInt(offset + StunHeader.ID_HIGH_OFFSET, idHigh);
        buffer.putLong(offset + StunHeader.ID_LOW_OFFSET, idLow);

        int at = offset + StunHeader.BYTES;
        buffer.putShort(at, (short) Attributes.XOR_PEER_ADDRESS.code());
        buffer.putShort(at + 2, (short) (AddressFormat.HEADER_BYTES + family.addressBytes()));
        buffer.putShort(at + 4, (short) family.code());
        buffer.putShort(at + 6, (short) (peerPort ^ (TransactionId.MAGIC_COOKIE >>> 16)));
        switch (family) {
            case IPV4 -> buffer.putInt(at + 8, (int) peerLow ^ TransactionId.MAGIC_COOKIE);
            case IPV6 -> {
                long high = TransportAddress.withoutScope(peerHigh);
                buffer.putLong(at + 8, high ^ SendIndication.xorHigh(idHigh));
                buffer.putLong(at + 16, peerLow ^ idLow);
            }
        }

        int data = offset + header - StunHeader.ATTRIBUTE_HEADER_BYTES;
        buffer.putShort(data, (short) Attributes.DATA.code());
        buffer.putShort(data + 2, (short) dataLength);
    }
}
