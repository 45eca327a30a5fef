package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.stun.TransportAddress;

import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// An established session. Used on its event loop.
public final class DtlsSession {

    /// Who made the session.
    interface Owner {

        long nowNanos();

        void dropped(DtlsDrop reason);

        /// Called once, before the receiver hears of it.
        void ended(DtlsSession session);
    }

    private final Route route;
    private final LoopWire wire;
    private final DTLSTransport transport;
    private final @Nullable String serverName;
    private final SessionBuffers buffers;
    private final Owner owner;
    private final int maxMessageBytes;
    private @Nullable DtlsReceiver receiver;
    private @Nullable InetSocketAddress introduced;
    private long heardNanos;
    private boolean isOver;

    /// @param established what the handshake led to, which uses that wire
    DtlsSession(
            Route route,
            LoopWire wire,
            Established established,
            SessionBuffers buffers,
            Owner owner)
            throws IOException {
        this.route = route;
        this.wire = wire;
        this.transport = established.transport();
        serverName = established.serverName();
        this.buffers = buffers;
        this.owner = owner;
        maxMessageBytes = transport.getSendLimit();
        heardNanos = owner.nowNanos();
    }

    /// Begins to hand over messages, first those that arrived behind the end of the handshake in
    /// the same datagram.
    void start(DtlsReceiver receiver) {
        this.receiver = receiver;
        for (int length = decryptPending(); length >= 0; length = decryptPending()) {
            deliver(length);
        }
        if (wire.isClosed()) {
            end();
        }
    }

    private int decryptPending() {
        try {
            return transport.receivePending(
                    buffers.plaintext(), SessionBuffers.PLAINTEXT_AT, Records.MAX_PLAINTEXT_BYTES);
        } catch (IOException e) { // the other side gave up, or Bouncy Castle has
            wire.close();
            return -1;
        }
    }

    void introduce(@Nullable InetSocketAddress client) {
        introduced = client;
    }

    /// The client, as a proxy that stands in between named it, or by the address of the other side.
    public InetSocketAddress client() {
        return introduced == null ? remote().socketAddress() : introduced;
    }

    /// The server that the client asked for (RFC 6066 §3), as it wrote it, or null if it asked for
    /// none. Not known on the client's side.
    public @Nullable String serverName() {
        return serverName;
    }

    /// The address of the other side.
    public TransportAddress remote() {
        return route.remote();
    }

    /// The address of this machine that the other side sends to, in the numbers of
    /// [TransportAddress], or zeros for the one that the socket is bound to.
    public long localHigh() {
        return route.localHigh();
    }

    public long localLow() {
        return route.localLow();
    }

    /// The longest message that can be sent.
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /// Encrypts a message at once and sends it with all else that leaves at the end of this turn of
    /// the loop.
    ///
    /// @return false if the session is over or the message is too long
    public boolean send(Datagram plaintext) {
        int length = plaintext.totalLength();
        if (isOver || length > maxMessageBytes) {
            return false;
        }
        byte[] message = buffers.message();
        plaintext.copyTo(message, 0);
        buffers.sendingFields(plaintext.headerFields());
        try {
            transport.send(message, 0, length);
            return true;
        } catch (IOException e) { // the JDK refused to encrypt, and Bouncy Castle has given up
            end();
            return false;
        } finally {
            buffers.sendingFields(0);
        }
    }

    /// Tells the other side that nothing more comes, and ends the session.
    public void close() {
        if (isOver) {
            return;
        }
        try {
            transport.close();
        } catch (IOException e) {
            wire.close(); // ends it without a farewell
        }
        end();
    }

    /// Ends the session without a word.
    void abandon() {
        end();
    }

    private void end() {
        wire.close();
        if (isOver) {
            return;
        }
        isOver = true;
        owner.ended(this);
        if (receiver != null) {
            receiver.closed();
        }
    }

    /// Takes in the records of a datagram.
    void received(ByteBuffer bytes, int start, int end) {
        int at = start;
        for (int length; (length = Records.length(bytes, at, end)) >= 0; at += length) {
            received(bytes, at, length, Records.type(bytes, at));
            if (wire.isClosed()) {
                end();
                return;
            }
        }
        if (at < end) {
            owner.dropped(DtlsDrop.MALFORMED);
        }
    }

    private void received(ByteBuffer bytes, int at, int recordLength, int type) {
        buffers.offerRecord(bytes, at, recordLength);
        int length = decrypt();
        if (length >= 0) {
            deliver(length);
        } else if (type == Records.APPLICATION_DATA) {
            owner.dropped(DtlsDrop.BAD_RECORD);
        }
    }

    private void deliver(int length) {
        heardNanos = owner.nowNanos();
        if (length > 0 && receiver != null && !isOver) {
            receiver.received(buffers.received(length, route));
        }
    }

    /// Returns the length of the message, or -1 if there is none in the record.
    private int decrypt() {
        wire.gather();
        try {
            return transport.receive(
                    buffers.plaintext(),
                    SessionBuffers.PLAINTEXT_AT,
                    Records.MAX_PLAINTEXT_BYTES,
                    0); // which would wait for ever if the wire did not refuse to
        } catch (LoopWire.NothingMore e) {
            return -1;
        } catch (IOException e) { // the other side gave up, or Bouncy Castle has
            wire.close();
            return -1;
        } finally {
            wire.release();
        }
    }

    /// Tells the receiver if nothing has arrived since then.
    void checkIdle(long sinceNanos) {
        if (receiver != null && heardNanos - sinceNanos < 0) {
            receiver.idle();
        }
    }
}
