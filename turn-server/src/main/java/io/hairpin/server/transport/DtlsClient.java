package io.hairpin.server.transport;

import io.hairpin.dtls.DtlsReceiver;
import io.hairpin.dtls.DtlsSession;
import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A client that speaks DTLS (RFC 7350). What is sent to it is encrypted at once.
final class DtlsClient implements ConnectedClient, DtlsReceiver {

    private final FiveTuple tuple;
    private final DtlsSession session;
    private final ClientInput input;
    private final Control control;
    private @Nullable DataPath path;

    DtlsClient(FiveTuple tuple, DtlsSession session, ClientInput input, Control control) {
        this.tuple = tuple;
        this.session = session;
        this.input = input;
        this.control = control;
    }

    @Override
    public void attach(@Nullable DataPath path) {
        this.path = path;
    }

    @Override
    public void disconnect() {
        session.close();
    }

    @Override
    public int maxMessageBytes() {
        return session.maxMessageBytes();
    }

    @Override
    public boolean send(Datagram data) {
        boolean isSent = session.send(data);
        if (!isSent) {
            traffic().dropped(DropReason.SEND_FAILED);
        }
        return isSent;
    }

    @Override
    public boolean send(StunMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(message.length());
        message.writeTo(bytes);
        Datagram datagram = new Datagram();
        datagram.wrap(bytes.flip());
        return send(datagram);
    }

    @Override
    public Traffic traffic() {
        return input.traffic();
    }

    @Override
    public void received(Datagram plaintext) {
        input.received(plaintext, tuple, path);
    }

    /// One with an allocation may have nothing to say for as long as that lasts.
    @Override
    public void idle() {
        if (path == null) {
            session.close();
        }
    }

    @Override
    public void closed() {
        control.closed(tuple, this);
    }
}
