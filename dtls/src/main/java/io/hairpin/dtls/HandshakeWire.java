package io.hairpin.dtls;

import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What passes between an event loop and the thread of a handshake. The records of a flight are
/// gathered into few datagrams.
final class HandshakeWire implements DatagramTransport {

    /// More than a client's flight in the smallest of parts.
    private static final int MAX_QUEUED = 32;

    private static final int MAX_QUEUED_BYTES = 16 << 10;

    /// Larger ones do not cross most networks in one piece.
    private static final int MAX_RECEIVED_BYTES = 4 << 10;

    /// The longest datagrams sent: at first, and each time that a flight has to be sent again,
    /// since the path may be one that larger ones are lost on (RFC 6347 §4.1.1.1). The last ones
    /// cross any.
    private static final int[] MAX_SENT_BYTES = {1400, 1400, 1200, 548};

    private final BlockingQueue<byte[]> arrived = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final AtomicInteger arrivedBytes = new AtomicInteger();
    private final int maxMessageBytes;
    private final Consumer<byte[]> out;
    private final ByteArrayOutputStream flight = new ByteArrayOutputStream();
    private int resends;
    private int flightBegin;
    private int lastSent = -1;
    private boolean isAnswering = true;

    /// @param maxMessageBytes the longest handshake message that is taken in
    /// @param out what a datagram to send is given to, on the thread of the handshake
    HandshakeWire(int maxMessageBytes, Consumer<byte[]> out) {
        this.maxMessageBytes = maxMessageBytes;
        this.out = out;
    }

    /// Takes records in, on the event loop.
    ///
    /// @return false if they were ignored
    boolean offer(ByteBuffer bytes, int start, int end) {
        int length = end - start;
        boolean isTaken =
                length <= MAX_RECEIVED_BYTES
                        && arrivedBytes.get() + length <= MAX_QUEUED_BYTES
                        && Records.announcesAtMost(maxMessageBytes, bytes, start, end);
        if (!isTaken) {
            return false;
        }
        byte[] copy = new byte[length];
        bytes.get(start, copy);
        arrivedBytes.addAndGet(length);
        if (!arrived.offer(copy)) {
            arrivedBytes.addAndGet(-length);
            return false;
        }
        return true;
    }

    /// What arrived and was not looked at yet.
    byte @Nullable [] poll() {
        return arrived.poll();
    }

    @Override
    public int getReceiveLimit() {
        return MAX_RECEIVED_BYTES;
    }

    @Override
    public int receive(byte[] target, int offset, int length, int waitMillis)
            throws InterruptedIOException {
        flush();
        byte[] next;
        try {
            next = arrived.poll(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the handshake was given up");
        }
        if (next == null) {
            return -1;
        }
        isAnswering = true;
        arrivedBytes.addAndGet(-next.length);
        int copied = Math.min(next.length, length);
        System.arraycopy(next, 0, target, offset, copied);
        return copied;
    }

    @Override
    public int getSendLimit() {
        return MAX_SENT_BYTES[Math.min(resends, MAX_SENT_BYTES.length - 1)];
    }

    @Override
    public void send(byte[] record, int offset, int length) {
        countResends(ByteBuffer.wrap(record, offset, length).slice(), length);
        if (flight.size() + length > getSendLimit()) {
            flush();
        }
        flight.write(record, offset, length);
    }

    /// A flight is sent again when its first message is.
    private void countResends(ByteBuffer record, int length) {
        boolean isReadable =
                length >= Records.HEADER_BYTES + Records.MESSAGE_HEADER_BYTES
                        && Records.type(record, 0) == Records.HANDSHAKE
                        && Records.epoch(record, 0) == 0;
        if (!isReadable) {
            return;
        }
        int number = Records.messageNumber(record, Records.HEADER_BYTES);
        if (number > lastSent) {
            if (isAnswering) {
                flightBegin = number;
                resends = 0;
            }
            lastSent = number;
        } else if (number == flightBegin && Records.partOffset(record, Records.HEADER_BYTES) == 0) {
            resends++;
        }
        isAnswering = false;
    }

    /// Sends what has been gathered.
    void flush() {
        if (flight.size() > 0) {
            out.accept(flight.toByteArray());
            flight.reset();
        }
    }

    /// What was gathered, such as an alert, is sent all the same.
    @Override
    public void close() {}
}
