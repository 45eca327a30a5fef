package io.hairpin.dtls;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.BitSet;

/// Puts a ClientHello together whose first part had a cookie of ours in it.
final class HelloAssembly {

    /// The longest that is taken in: several times what clients send who offer keys for all that
    /// TLS knows.
    static final int MAX_HELLO_BYTES = 8 << 10;

    private static final int BODY = Records.HEADER_BYTES + Records.MESSAGE_HEADER_BYTES;

    private final byte[] cookie;
    private final int messageNumber;
    private final int length;
    private final byte[] record;
    private final BitSet there = new BitSet();
    private long sequenceNumber;

    HelloAssembly(HelloFragment first, byte[] cookie) {
        this.cookie = cookie;
        messageNumber = first.messageNumber();
        length = first.totalLength();
        record = new byte[BODY + length];
    }

    /// Adds a part, and returns the whole once it is.
    @Nullable VerifiedHello add(HelloFragment part) {
        if (part.totalLength() != length || part.messageNumber() != messageNumber) {
            return null;
        }
        part.copyPartTo(record, BODY);
        there.set(part.partOffset(), part.partOffset() + part.partLength());
        sequenceNumber = Math.max(sequenceNumber, part.sequenceNumber());
        if (there.nextClearBit(0) < length) {
            return null;
        }
        writeHeaders(part);
        return new VerifiedHello(record, cookie);
    }

    /// As if it had arrived in one record. The server's own numbers go on from the last one's
    /// (RFC 6347 §4.2.1).
    private void writeHeaders(HelloFragment last) {
        ByteBuffer target = ByteBuffer.wrap(record);
        last.bytes().get(last.record(), record, 0, 3); // type and version
        target.putLong(3, sequenceNumber); // of epoch 0
        target.putShort(11, (short) (Records.MESSAGE_HEADER_BYTES + length));
        target.position(Records.HEADER_BYTES);
        target.putInt(Records.CLIENT_HELLO << 24 | length);
        target.putShort((short) messageNumber);
        target.putInt(length >>> 16); // the offset, which is zero, and the upper byte of the length
        target.putShort((short) length);
    }
}
