package io.hairpin.client.load;

import io.hairpin.stun.ChannelData;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.TransactionId;

import java.nio.ByteBuffer;

/// Finds the peer's data in what a client receives: ChannelData, or a Data indication (RFC 8656
/// §11.6). One object is used again and again; it allocates nothing.
final class Delivered {

    private static final int DATA_INDICATION = 0x0017;
    private static final int DATA = 0x0013;
    private static final int MESSAGE_HEADER_BYTES = 20;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;

    private int offset;
    private int length;

    /// Whether the `size` bytes from `start` on carry data, and a broken message does not.
    boolean wrap(ByteBuffer bytes, int start, int size) {
        if (size < ChannelData.HEADER_BYTES) {
            return false;
        }
        if (PacketKind.of(bytes.get(start)) == PacketKind.CHANNEL_DATA) {
            offset = start + ChannelData.HEADER_BYTES;
            length = ChannelData.length(bytes, start);
            return ChannelData.isWhole(bytes, start, size);
        }
        return size >= MESSAGE_HEADER_BYTES
                && bytes.getShort(start) == DATA_INDICATION
                && bytes.getInt(start + 4) == TransactionId.MAGIC_COOKIE
                && findData(bytes, start, size);
    }

    private boolean findData(ByteBuffer bytes, int start, int size) {
        int end = start + size;
        int at = start + MESSAGE_HEADER_BYTES;
        while (end - at >= ATTRIBUTE_HEADER_BYTES) {
            int type = bytes.getShort(at) & 0xFFFF;
            length = bytes.getShort(at + 2) & 0xFFFF;
            offset = at + ATTRIBUTE_HEADER_BYTES;
            if (type == DATA) {
                return length <= end - offset;
            }
            at = offset + ChannelData.paddedLength(length);
        }
        return false;
    }

    /// Where the data begins, absolute.
    int offset() {
        return offset;
    }

    int length() {
        return length;
    }
}
