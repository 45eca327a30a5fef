package io.hairpin.stun;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Reads STUN messages. Total: any bytes give a value, none an exception.
public final class StunDecoder {
    /// Enough for a CreatePermission as long as the largest unfragmented datagram, and then some.
    public static final int MAX_ATTRIBUTES = 256;

    private StunDecoder() {}

    /// Decodes what lies between position and limit, exactly one datagram or frame.
    ///
    /// Copies the bytes and leaves the buffer as it was. The outermost structure alone decides
    /// between message and malformed; attribute values are looked at when asked for.
    public static Decoded decode(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length < StunHeader.BYTES) {
            return malformed(Decoded.Reason.TOO_SHORT);
        }
        if (length > StunHeader.BYTES + StunHeader.MAX_LENGTH) {
            return malformed(Decoded.Reason.WRONG_LENGTH);
        }
        byte[] copy = new byte[length];
        bytes.get(bytes.position(), copy);
        return decode(copy);
    }

    /// Decodes an array that nobody will change.
    static Decoded decode(byte[] owned) {
        ByteBuffer bytes = ByteBuffer.wrap(owned);
        int type = bytes.getShort(0) & 0xFFFF;
        int length = bytes.getShort(StunHeader.LENGTH_OFFSET) & 0xFFFF;
        if (type >> 14 != 0) {
            return malformed(Decoded.Reason.NOT_STUN);
        }
        if (length % 4 != 0) {
            return malformed(Decoded.Reason.UNALIGNED_LENGTH);
        }
        if (StunHeader.BYTES + length != owned.length) {
            return malformed(Decoded.Reason.WRONG_LENGTH);
        }
        Optional<Method> method = Method.of(StunHeader.methodCode(type));
        if (method.isEmpty()) {
            return malformed(Decoded.Reason.UNKNOWN_METHOD);
        }
        TransactionId id =
                new TransactionId(
                        bytes.getInt(StunHeader.COOKIE_OFFSET),
                        bytes.getInt(StunHeader.ID_HIGH_OFFSET),
                        bytes.getLong(StunHeader.ID_LOW_OFFSET));
        return attributes(owned, StunHeader.messageClass(type), method.get(), id);
    }

    private static Decoded attributes(
            byte[] bytes, MessageClass messageClass, Method method, TransactionId id) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int[] offsets = new int[8];
        int counting = 0;
        int total = 0;
        int lastIntegrity = 0;
        int offset = StunHeader.BYTES;
        while (offset < bytes.length) {
            // Message and attributes are multiples of four long, so a whole header is left here.
            int code = buffer.getShort(offset) & 0xFFFF;
            int length = buffer.getShort(offset + 2) & 0xFFFF;
            int end = offset + StunHeader.ATTRIBUTE_HEADER_BYTES + StunHeader.padded(length);
            if (end > bytes.length) {
                return malformed(Decoded.Reason.ATTRIBUTE_OVERRUN);
            }
            if (++total > MAX_ATTRIBUTES) {
                return malformed(Decoded.Reason.TOO_MANY_ATTRIBUTES);
            }
            if (counts(code, lastIntegrity, end == bytes.length)) {
                if (counting == offsets.length) {
                    offsets = Arrays.copyOf(offsets, 2 * counting);
                }
                offsets[counting++] = offset;
                if (isIntegrity(code)) {
                    lastIntegrity = code;
                }
            }
            offset = end;
        }
        offsets = Arrays.copyOf(offsets, counting);
        return new Decoded.Message(new StunMessage(bytes, messageClass, method, id, offsets));
    }

    /// Whether a receiver may look at an attribute, given what protects those before it: what comes
    /// after integrity could be anybody's (RFC 8489 §14.5, §14.6), and FINGERPRINT means something
    /// only at the end (§14.7).
    private static boolean counts(int code, int lastIntegrity, boolean last) {
        if (code == Attributes.FINGERPRINT.code()) {
            return last;
        }
        boolean unprotected = lastIntegrity == 0;
        boolean stronger =
                lastIntegrity == Attributes.MESSAGE_INTEGRITY.code()
                        && code == Attributes.MESSAGE_INTEGRITY_SHA256.code();
        return unprotected || stronger;
    }

    private static boolean isIntegrity(int code) {
        return code == Attributes.MESSAGE_INTEGRITY.code()
                || code == Attributes.MESSAGE_INTEGRITY_SHA256.code();
    }

    private static Decoded malformed(Decoded.Reason reason) {
        return new Decoded.Malformed(reason);
    }
}
