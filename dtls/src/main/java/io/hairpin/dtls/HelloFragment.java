package io.hairpin.dtls;

import java.nio.ByteBuffer;

/// A ClientHello (RFC 6347 §4.2.1), or a part of one, where it lies in a datagram. The first part
/// has to hold everything up to the cookie; what comes after may be in others.
///
/// ```
/// version(2) random(32) session id(1+0…32) cookie(1+0…255) cipher suites …
/// ```
///
/// One object serves all, one after the other.
final class HelloFragment {

    private static final int RANDOM_BYTES = 32;
    private static final int MAX_SESSION_ID_BYTES = 32;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int record;
    private int recordLength;
    private int message;
    private int cookie;

    /// Whether the record at that index holds a ClientHello or a part of one, and nothing else.
    boolean read(ByteBuffer bytes, int at, int recordLength) {
        this.bytes = bytes;
        record = at;
        this.recordLength = recordLength;
        message = at + Records.HEADER_BYTES;
        int length = recordLength - Records.HEADER_BYTES;
        return Records.type(bytes, at) == Records.HANDSHAKE
                && Records.epoch(bytes, at) == 0
                && length >= Records.MESSAGE_HEADER_BYTES
                && Records.unsigned8(bytes, message) == Records.CLIENT_HELLO
                && partLength() == length - Records.MESSAGE_HEADER_BYTES
                && partOffset() + partLength() <= totalLength();
    }

    /// Whether this is a first part with all that is needed of it.
    boolean readParameters() {
        int end = record + recordLength;
        int sessionId = sessionId();
        if (partOffset() != 0 || sessionId >= end) {
            return false;
        }
        int sessionIdLength = Records.unsigned8(bytes, sessionId);
        cookie = sessionId + 1 + sessionIdLength;
        return sessionIdLength <= MAX_SESSION_ID_BYTES
                && cookie < end
                && cookie + 1 + cookieLength() <= end;
    }

    long sequenceNumber() {
        return Records.sequenceNumber(bytes, record);
    }

    int messageNumber() {
        return Records.messageNumber(bytes, message);
    }

    /// The length of the whole ClientHello.
    int totalLength() {
        return Records.unsigned24(bytes, message + 1);
    }

    int partOffset() {
        return Records.partOffset(bytes, message);
    }

    int partLength() {
        return Records.unsigned24(bytes, message + 9);
    }

    /// Copies this part of the ClientHello into the whole, which begins at that index of `target`.
    void copyPartTo(byte[] target, int at) {
        bytes.get(body(), target, at + partOffset(), partLength());
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /// Where the record begins.
    int record() {
        return record;
    }

    int recordLength() {
        return recordLength;
    }

    private int body() {
        return message + Records.MESSAGE_HEADER_BYTES;
    }

    int version() {
        return Records.unsigned16(bytes, body());
    }

    private int random() {
        return body() + 2;
    }

    byte[] copyOfRandom() {
        byte[] copy = new byte[RANDOM_BYTES];
        bytes.get(random(), copy);
        return copy;
    }

    /// A part of the random that suffices to tell one ClientHello from another.
    long shortRandom() {
        return bytes.getLong(random() + RANDOM_BYTES - Long.BYTES);
    }

    boolean hasRandom(byte[] other) {
        return bytes.slice(random(), RANDOM_BYTES).equals(ByteBuffer.wrap(other));
    }

    private int sessionId() {
        return random() + RANDOM_BYTES;
    }

    /// Writes version, random and session id to the end of `target`.
    void putParameters(ByteBuffer target) {
        int length = cookie - body();
        target.put(target.position(), bytes, body(), length);
        target.position(target.position() + length);
    }

    /// The most that [#putParameters] writes.
    static final int MAX_PARAMETERS_BYTES = 2 + RANDOM_BYTES + 1 + MAX_SESSION_ID_BYTES;

    int cookieLength() {
        return Records.unsigned8(bytes, cookie);
    }

    void copyCookieTo(byte[] target) {
        bytes.get(cookie + 1, target, 0, cookieLength());
    }
}
