package io.hairpin.dtls;

import org.bouncycastle.tls.DatagramTransport;

import java.io.InterruptedIOException;

/// Where an established session reads the one record that has arrived, and sends. Used on its event
/// loop.
final class LoopWire implements DatagramTransport {

    /// What 16 bits of length leave behind the headers of IPv4 and UDP.
    private static final int MAX_DATAGRAM_BYTES = 0xFFFF - 20 - 8;

    private static final int MAX_FLIGHT_BYTES = 1400;

    private final Route route;
    private final SessionBuffers buffers;
    private boolean isGathering;
    private boolean isClosed;

    LoopWire(Route route, SessionBuffers buffers) {
        this.route = route;
        this.buffers = buffers;
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public int getReceiveLimit() {
        return buffers.recordLength();
    }

    @Override
    public int receive(byte[] target, int offset, int length, int waitMillis)
            throws InterruptedIOException {
        int received = buffers.takeRecord(target, offset, length);
        if (received < 0) {
            throw NothingMore.THROWN;
        }
        return received;
    }

    @Override
    public int getSendLimit() {
        return MAX_DATAGRAM_BYTES;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
        if (isClosed) {
            return;
        }
        if (isGathering) {
            if (buffers.flight().size() + length > MAX_FLIGHT_BYTES) {
                sendFlight();
            }
            buffers.flight().write(bytes, offset, length);
        } else {
            route.send(bytes, offset, length, buffers.sendingFields(), buffers.outgoing());
        }
    }

    /// From now on what is sent is held back. A last flight that is sent again then arrives in one
    /// piece and in order, without which it is of no use.
    void gather() {
        isGathering = true;
    }

    /// Sends what was held back.
    void release() {
        isGathering = false;
        sendFlight();
    }

    private void sendFlight() {
        if (buffers.flight().size() > 0) {
            byte[] records = buffers.flight().toByteArray();
            buffers.flight().reset();
            route.send(records, 0, records.length, 0, buffers.outgoing());
        }
    }

    @Override
    public void close() {
        isClosed = true;
    }

    /// Gets Bouncy Castle out of waiting for another record, and harms nothing. Has no stack, since
    /// it is made once and thrown for each record without a message in it.
    @SuppressWarnings({"serial", "StaticAssignmentOfThrowable"}) // never serialized, no stack
    static final class NothingMore extends InterruptedIOException {

        private static final NothingMore THROWN = new NothingMore();

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
