package io.hairpin.stun;

import java.nio.ByteBuffer;

/// Finds where messages end on a TCP or TLS connection (RFC 8656 §12.5).
///
/// STUN and ChannelData both begin with 16 bits of type and 16 of length; the first two bits tell
/// them apart, and other values of these mean that the stream is lost.
public final class StreamFraming {
    public static final int NEED_MORE = -1;
    public static final int INVALID = -2;

    /// The longest frame that either header can announce, and so the most to buffer.
    public static final int MAX_FRAME_BYTES = StunHeader.BYTES + StunHeader.MAX_LENGTH;

    private static final int PREFIX_BYTES = 4;

    private StreamFraming() {}

    /// The bytes that the frame at `offset` takes on the wire, the padding of ChannelData included;
    /// [#NEED_MORE] until all of them are there, [#INVALID] if they are no frame.
    public static int frameLength(ByteBuffer buffer, int offset, int available) {
        if (available == 0) {
            return NEED_MORE;
        }
        int firstBits = (buffer.get(offset) & 0xFF) >> 6;
        if (firstBits > 0b01) {
            return INVALID;
        }
        if (available < PREFIX_BYTES) {
            return NEED_MORE;
        }
        int length = buffer.getShort(offset + 2) & 0xFFFF;
        int frame;
        if (firstBits == 0b00) {
            if (length % 4 != 0) {
                return INVALID;
            }
            frame = StunHeader.BYTES + length;
        } else {
            frame = ChannelData.HEADER_BYTES + ChannelData.paddedLength(length);
        }
        return available < frame ? NEED_MORE : frame;
    }
}
