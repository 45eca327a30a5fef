package io.hairpin.server.transport;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.BareRequest;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Tells apart what the clients of one listener send: data for a peer, messages for the core, and
/// what is neither.
public final class ClientInput {

    private final InetSocketAddress server;
    private final Control control;
    private final Traffic traffic;
    private final SendIndication send = new SendIndication();

    /// @param server the address that the listener is bound to
    public ClientInput(InetSocketAddress server, Control control, Traffic traffic) {
        this.server = server;
        this.control = control;
        this.traffic = traffic;
    }

    InetSocketAddress server() {
        return server;
    }

    Traffic traffic() {
        return traffic;
    }

    /// Takes in one datagram or one frame of a stream, which is lent.
    ///
    /// @param connection the stream or the DTLS session it came on, or whom a proxy sent it for;
    ///     null if whoever sent it did so for itself
    /// @param path the data path of the client's allocation, if it has one
    public void received(
            Datagram frame, @Nullable FiveTuple connection, @Nullable ClientPath path) {
        if (frame.length() == 0) {
            traffic.dropped(DropReason.MALFORMED);
            return;
        }
        switch (PacketKind.of(frame.bytes().get(frame.start()))) {
            case CHANNEL_DATA -> {
                if (path == null) {
                    traffic.dropped(DropReason.NO_ALLOCATION);
                } else {
                    path.channelData(frame);
                }
            }
            case STUN -> stun(frame, connection, path);
            case DTLS, UNKNOWN -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    private void stun(Datagram frame, @Nullable FiveTuple connection, @Nullable ClientPath path) {
        switch (send.wrap(frame.bytes(), frame.start(), frame.length())) {
            case NOT_SEND -> {
                DropReason refusal = path == null ? refusal(frame, connection) : null;
                if (refusal == null) {
                    decode(frame, connection);
                } else {
                    traffic.dropped(refusal);
                }
            }
            case OK -> {
                if (path == null) {
                    traffic.dropped(DropReason.NO_ALLOCATION);
                } else {
                    path.send(frame, send);
                }
            }
            case UNKNOWN_ATTRIBUTE -> traffic.dropped(DropReason.UNKNOWN_ATTRIBUTE);
            case MALFORMED, NO_PEER, NO_DATA -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    /// Why a request need not be decoded, since there would be no answer to it. A flood costs no
    /// more than this.
    private @Nullable DropReason refusal(Datagram frame, @Nullable FiveTuple connection) {
        boolean bare =
                connection == null && BareRequest.is(frame.bytes(), frame.start(), frame.length());
        return bare ? control.refusal(frame.sourceHigh(), frame.sourceLow()) : null;
    }

    private void decode(Datagram frame, @Nullable FiveTuple connection) {
        ByteBuffer bytes = frame.bytes().slice(frame.start(), frame.length());
        switch (StunDecoder.decode(bytes)) {
            case Decoded.Message(StunMessage message) ->
                    control.received(connection == null ? tuple(frame) : connection, message);
            case Decoded.Malformed _ -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    /// Who sent a datagram that is not of a connection.
    FiveTuple tuple(Datagram datagram) {
        boolean bound = datagram.localHigh() == 0 && datagram.localLow() == 0;
        return new FiveTuple(
                Transport.UDP,
                datagram.source(),
                bound
                        ? server
                        : TransportAddress.socketAddress(
                                datagram.localHigh(), datagram.localLow(), server.getPort()));
    }
}
