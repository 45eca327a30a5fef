package io.hairpin.server.transport;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Tells apart what the clients of a shard send: data for a peer, messages for the core, and what
/// is neither.
public final class ClientInput {

    private final Control control;
    private final Traffic traffic;
    private final SendIndication send = new SendIndication();

    public ClientInput(Control control, Traffic traffic) {
        this.control = control;
        this.traffic = traffic;
    }

    /// Takes in one datagram or one frame of a stream; the buffer is lent.
    ///
    /// @param path the data path of the client's allocation, if it has one
    void received(
            ByteBuf frame,
            Transport transport,
            InetSocketAddress client,
            InetSocketAddress server,
            @Nullable DataPath path) {
        if (!frame.isReadable()) {
            traffic.dropped(DropReason.MALFORMED);
            return;
        }
        switch (PacketKind.of(frame.getByte(frame.readerIndex()))) {
            case CHANNEL_DATA -> {
                if (path == null) {
                    traffic.dropped(DropReason.NO_ALLOCATION);
                } else {
                    path.channelData(frame);
                }
            }
            case STUN -> {
                ByteBuffer bytes =
                        frame.internalNioBuffer(frame.readerIndex(), frame.readableBytes());
                SendIndication.Outcome outcome =
                        send.wrap(bytes, bytes.position(), bytes.remaining());
                if (outcome == SendIndication.Outcome.NOT_SEND) {
                    decode(bytes, transport, client, server);
                } else {
                    send(outcome, frame, bytes.position(), path);
                }
            }
            case DTLS, UNKNOWN -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    private void decode(
            ByteBuffer bytes,
            Transport transport,
            InetSocketAddress client,
            InetSocketAddress server) {
        switch (StunDecoder.decode(bytes)) {
            case Decoded.Message(StunMessage message) ->
                    control.received(new FiveTuple(transport, client, server), message);
            case Decoded.Malformed _ -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    private void send(
            SendIndication.Outcome outcome,
            ByteBuf frame,
            int messageOffset,
            @Nullable DataPath path) {
        switch (outcome) {
            case OK -> {
                if (path == null) {
                    traffic.dropped(DropReason.NO_ALLOCATION);
                } else {
                    path.send(frame, send, frame.readerIndex() + send.dataOffset() - messageOffset);
                }
            }
            case UNKNOWN_ATTRIBUTE -> traffic.dropped(DropReason.UNKNOWN_ATTRIBUTE);
            case MALFORMED, NO_PEER, NO_DATA, NOT_SEND -> traffic.dropped(DropReason.MALFORMED);
        }
    }
}
