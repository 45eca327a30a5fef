package io.hairpin.dtls;

import java.nio.ByteBuffer;

/// Where things are in records and handshake messages (RFC 6347 §4.1 and §4.2.2).
///
/// ```
///  0     1         3       5                 11      13
/// +-----+---------+-------+-----------------+-------+----------…
/// | type| version | epoch | sequence number | length| fragment
/// +-----+---------+-------+-----------------+-------+----------…
///
///  0     1         4        6         9        12
/// +-----+---------+--------+---------+--------+-----------…
/// | type| length  | number | offset  | length | part of the
/// |     | of all  |        | of part | of it  | message
/// +-----+---------+--------+---------+--------+-----------…
/// ```
final class Records {

    static final int HEADER_BYTES = 13;
    static final int MESSAGE_HEADER_BYTES = 12;

    /// The longest plaintext of a record.
    static final int MAX_PLAINTEXT_BYTES = 1 << 14;

    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;

    static final int CLIENT_HELLO = 1;
    static final int HELLO_VERIFY_REQUEST = 3;

    /// Later versions have smaller numbers.
    static final int DTLS_1_0 = 0xFEFF;

    static final int DTLS_1_2 = 0xFEFD;

    /// The first byte of all versions.
    private static final int MAJOR = 0xFE;

    private Records() {}

    /// The whole length of the record at that index, or -1 if there is none before `end`.
    static int length(ByteBuffer bytes, int at, int end) {
        if (end - at < HEADER_BYTES || unsigned8(bytes, at + 1) != MAJOR) {
            return -1;
        }
        int length = HEADER_BYTES + unsigned16(bytes, at + 11);
        return length > end - at ? -1 : length;
    }

    static int type(ByteBuffer bytes, int at) {
        return unsigned8(bytes, at);
    }

    static int epoch(ByteBuffer bytes, int at) {
        return unsigned16(bytes, at + 3);
    }

    static long sequenceNumber(ByteBuffer bytes, int at) {
        return bytes.getLong(at + 3) & 0xFFFF_FFFF_FFFFL;
    }

    /// Whether all handshake messages that the datagram has a readable part of are at most that
    /// long. Who claims more would have as much memory set aside.
    static boolean announcesAtMost(int maxBytes, ByteBuffer bytes, int start, int end) {
        int length;
        for (int at = start; (length = length(bytes, at, end)) >= 0; at += length) {
            boolean isReadable = type(bytes, at) == HANDSHAKE && epoch(bytes, at) == 0;
            if (isReadable && !messagesAreAtMost(maxBytes, bytes, at + HEADER_BYTES, at + length)) {
                return false;
            }
        }
        return true;
    }

    /// The same for the handshake messages of one record.
    static boolean messagesAreAtMost(int maxBytes, ByteBuffer bytes, int start, int end) {
        for (int at = start; end - at >= MESSAGE_HEADER_BYTES; ) {
            if (unsigned24(bytes, at + 1) > maxBytes) {
                return false;
            }
            at += MESSAGE_HEADER_BYTES + unsigned24(bytes, at + 9);
        }
        return true;
    }

    /// The number of the handshake message at that index.
    static int messageNumber(ByteBuffer bytes, int message) {
        return unsigned16(bytes, message + 4);
    }

    /// Where in its message the part at that index begins.
    static int partOffset(ByteBuffer bytes, int message) {
        return unsigned24(bytes, message + 6);
    }

    static int unsigned8(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFF;
    }

    static int unsigned16(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xFFFF;
    }

    static int unsigned24(ByteBuffer bytes, int at) {
        return unsigned8(bytes, at) << 16 | unsigned16(bytes, at + 1);
    }
}
