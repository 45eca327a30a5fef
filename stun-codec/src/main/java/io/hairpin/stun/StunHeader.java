package io.hairpin.stun;

/// The fixed part of a STUN message (RFC 8489 §5).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|     STUN Message Type     |         Message Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         Magic Cookie                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Transaction ID (96 bits)                  |
/// |                                                               |
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
/// The type interleaves method (M) and class (C), most significant bit first:
/// `M M M M M C M M M C M M M M`.
///
/// Attributes follow, each with its own header, its value, and padding to a multiple of four that
/// its length does not count:
/// ```
/// |         Type                  |            Length             |
/// |                         Value (variable)                ....
/// ```
final class StunHeader {
    static final int BYTES = 20;
    static final int LENGTH_OFFSET = 2;
    static final int COOKIE_OFFSET = 4;
    static final int ID_HIGH_OFFSET = 8;
    static final int ID_LOW_OFFSET = 12;
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    /// The largest multiple of four that the length field can hold.
    static final int MAX_LENGTH = 0xFFFC;

    private StunHeader() {}

    static int type(MessageClass messageClass, Method method) {
        int c = messageClass.code();
        int m = method.code();
        return ((m & 0xF80) << 2)
                | ((c & 0b10) << 7)
                | ((m & 0x70) << 1)
                | ((c & 0b01) << 4)
                | (m & 0xF);
    }

    static int methodCode(int type) {
        return ((type & 0x3E00) >> 2) | ((type & 0xE0) >> 1) | (type & 0xF);
    }

    static MessageClass messageClass(int type) {
        return MessageClass.of(((type & 0x100) >> 7) | ((type & 0x10) >> 4));
    }

    /// Rounds up to a multiple of four.
    static int padded(int length) {
        return (length + 3) & ~3;
    }
}
