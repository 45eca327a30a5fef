package io.hairpin.stun;

import java.nio.ByteBuffer;

/// Tells requests that cannot show who sends them, without decoding them.
public final class BareRequest {

    private static final int CLASS_BITS = 0x110;
    private static final int BINDING = StunHeader.type(MessageClass.REQUEST, Method.BINDING);

    private static final int MESSAGE_INTEGRITY = Attributes.MESSAGE_INTEGRITY.code();
    private static final int MESSAGE_INTEGRITY_SHA256 = Attributes.MESSAGE_INTEGRITY_SHA256.code();

    private BareRequest() {}

    /// Whether what lies there is a request of STUN without integrity, or one for the Binding
    /// method, which a server asks no credentials for. What is broken is none.
    ///
    /// @param offset absolute, as that of one datagram; buffers are big-endian
    public static boolean is(ByteBuffer buffer, int offset, int length) {
        if (length < StunHeader.BYTES) {
            return false;
        }
        int type = buffer.getShort(offset) & 0xFFFF;
        int attributes = buffer.getShort(offset + StunHeader.LENGTH_OFFSET) & 0xFFFF;
        if (type >> 14 != 0
                || (type & CLASS_BITS) != 0
                || attributes % 4 != 0
                || StunHeader.BYTES + attributes != length) {
            return false;
        }
        return type == BINDING
                || isWithoutIntegrity(buffer, offset + StunHeader.BYTES, offset + length);
    }

    private static boolean isWithoutIntegrity(ByteBuffer buffer, int start, int limit) {
        int at = start;
        while (at < limit) {
            int type = buffer.getShort(at) & 0xFFFF;
            int length = buffer.getShort(at + 2) & 0xFFFF;
            if (type == MESSAGE_INTEGRITY || type == MESSAGE_INTEGRITY_SHA256) {
                return false;
            }
            at += StunHeader.ATTRIBUTE_HEADER_BYTES + StunHeader.padded(length);
        }
        return at == limit;
    }
}
