package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramHandler;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What the sessions on one event loop use one after the other.
final class SessionBuffers {

    /// Where a received plaintext is put.
    static final int PLAINTEXT_AT = DatagramHandler.HEADROOM;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final byte[] plaintext = new byte[PLAINTEXT_AT + Records.MAX_PLAINTEXT_BYTES];
    private final ByteBuffer plaintextBytes = ByteBuffer.wrap(plaintext);
    private final Datagram received = new Datagram();

    private final byte[] message = new byte[Records.MAX_PLAINTEXT_BYTES];
    private final Datagram outgoing = new Datagram();

    private final ByteArrayOutputStream flight = new ByteArrayOutputStream();

    private ByteBuffer bytes = NOTHING;
    private int record;
    private int recordLength;
    private boolean isThere;
    private int arrivedFields;
    private int sendingFields;

    /// Names the [Datagram#headerFields()] that what is read next arrived with, until it is named
    /// anew.
    void arrivedFields(int headerFields) {
        arrivedFields = headerFields;
    }

    /// Names the [Datagram#headerFields()] that what is encrypted next is sent with, until it is
    /// named anew.
    void sendingFields(int headerFields) {
        sendingFields = headerFields;
    }

    int sendingFields() {
        return sendingFields;
    }

    /// Makes that record the one to be read.
    void offerRecord(ByteBuffer bytes, int at, int length) {
        this.bytes = bytes;
        record = at;
        recordLength = length;
        isThere = true;
    }

    int recordLength() {
        return recordLength;
    }

    /// Copies the record, and returns its length, or -1 if it has been taken.
    int takeRecord(byte[] target, int offset, int length) {
        if (!isThere) {
            return -1;
        }
        isThere = false;
        int copied = Math.min(recordLength, length);
        bytes.get(record, target, offset, copied);
        return copied;
    }

    byte[] plaintext() {
        return plaintext;
    }

    /// The plaintext that was put there, of that length, as if it had come that way.
    Datagram received(int length, Route from) {
        received.wrap(plaintextBytes, PLAINTEXT_AT, length);
        received.from(from.remote().high(), from.remote().low(), from.remote().port());
        received.local(from.localHigh(), from.localLow());
        received.headerFields(arrivedFields);
        return received;
    }

    /// Where a message is put together before it is encrypted.
    byte[] message() {
        return message;
    }

    Datagram outgoing() {
        return outgoing;
    }

    /// Where the records are put that a session answers a record with.
    ByteArrayOutputStream flight() {
        return flight;
    }
}
