package io.hairpin.stun;

import java.nio.ByteBuffer;

/// Reads and writes the header of ChannelData in place; allocates nothing (RFC 8656 §12.4).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         Channel Number        |            Length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       Application Data                        |
/// ```
/// Offsets are absolute, buffers big-endian. Who asks for a field has made sure of its four bytes.
public final class ChannelData {
    public static final int HEADER_BYTES = 4;

    public static final int MIN_CHANNEL = 0x4000;
    public static final int MAX_CHANNEL = 0x4FFF;

    /// Where channel numbers ended in RFC 5766 §11.
    public static final int MAX_RFC5766_CHANNEL = 0x7FFE;

    private ChannelData() {}

    public static int channel(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset) & 0xFFFF;
    }

    /// The number of bytes after the header, padding not counted.
    public static int length(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + 2) & 0xFFFF;
    }

    /// Whether `available` bytes hold header and data; what comes behind may be padding.
    public static boolean isWhole(ByteBuffer buffer, int offset, int available) {
        return available >= HEADER_BYTES && available - HEADER_BYTES >= length(buffer, offset);
    }

    public static void writeHeader(ByteBuffer buffer, int offset, int channel, int length) {
        buffer.putShort(offset, (short) channel);
        buffer.putShort(offset + 2, (short) length);
    }

    /// What so many bytes of data take on a stream, where frames are multiples of four
    /// (RFC 8656 §12.5).
    public static int paddedLength(int length) {
        return StunHeader.padded(length);
    }
}
