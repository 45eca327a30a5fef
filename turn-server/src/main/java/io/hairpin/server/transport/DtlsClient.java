package io.hairpin.server.transport;

import io.hairpin.dtls.DtlsReceiver;
import io.hairpin.dtls.DtlsSession;
import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.function.Function;

/// A client that speaks DTLS (RFC 7350). What is sent to it is encrypted at once.
///
/// The core knows of it from its first message on.
final class DtlsClient implements ConnectedClient, DtlsReceiver {

    private final DtlsSession session;
    private final Function<DtlsSession, FiveTuple> naming;
    private final ClientInput input;
    private final Control control;
    private @Nullable FiveTuple tuple;
    private @Nullable ClientPath path;

    /// @param naming says who the client of a session is
    DtlsClient(
            DtlsSession session,
            Function<DtlsSession, FiveTuple> naming,
            ClientInput input,
            Control control) {
        this.session = session;
        this.naming = naming;
        this.input = input;
        this.control = control;
    }

    @Override
    public void attach(@Nullable ClientPath path) {
        this.path = path;
    }

    @Override
    public String serverName() {
        String asked = session.serverName();
        return asked == null ? "" : asked;
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
        if (!data.countDown()) { // and the peer is not told: see UdpClient
            traffic().dropped(DropReason.HOP_LIMIT);
            return false;
        }
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
        FiveTuple known = tuple;
        if (known == null) {
            known = naming.apply(session);
            tuple = known;
            control.connected(known, this);
        }
        input.received(plaintext, known, path);
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
        if (tuple != null) {
            control.closed(tuple, this);
        }
    }
}
