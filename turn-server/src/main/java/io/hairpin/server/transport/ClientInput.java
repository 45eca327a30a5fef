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

/// Tells apart what the clients of one listener send: data for a peer, messages for the core, and
/// what is neither.
public final class ClientInput {

    private final Transport transport;
    private final InetSocketAddress server;
    private final Control control;
    private final Traffic traffic;
    private final SendIndication send = new SendIndication();

    /// @param server the address that the listener is bound to
    public ClientInput(
            Transport transport, InetSocketAddress server, Control control, Traffic traffic) {
        this.transport = transport;
        this.server = server;
        this.control = control;
        this.traffic = traffic;
    }

    Traffic traffic() {
        return traffic;
    }

    FiveTuple tuple(InetSocketAddress client) {
        return new FiveTuple(transport, client, server);
    }

    /// Takes in one datagram or one frame of a stream; the buffer is lent.
    ///
    /// @param path the data path of the client's allocation, if it has one
    void received(ByteBuf frame, InetSocketAddress client, @Nullable DataPath path) {
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
            case STUN -> stun(frame, client, path);
            case DTLS, UNKNOWN -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    private void stun(ByteBuf frame, InetSocketAddress client, @Nullable DataPath path) {
        int start = frame.readerIndex();
        ByteBuffer bytes = frame.internalNioBuffer(start, frame.readableBytes());
        int offset = bytes.position();
        switch (send.wrap(bytes, offset, bytes.remaining())) {
            case NOT_SEND -> decode(bytes, client);
            case OK -> {
                if (path == null) {
                    traffic.dropped(DropReason.NO_ALLOCATION);
                } else {
                    path.send(frame, send, start + send.dataOffset() - offset);
                }
            }
            case UNKNOWN_ATTRIBUTE -> traffic.dropped(DropReason.UNKNOWN_ATTRIBUTE);
            case MALFORMED, NO_PEER, NO_DATA -> traffic.dropped(DropReason.MALFORMED);
        }
    }

    private void decode(ByteBuffer bytes, InetSocketAddress client) {
        switch (StunDecoder.decode(bytes)) {
            case Decoded.Message(StunMessage message) -> control.received(tuple(client), message);
            case Decoded.Malformed _ -> traffic.dropped(DropReason.MALFORMED);
        }
    }
}
