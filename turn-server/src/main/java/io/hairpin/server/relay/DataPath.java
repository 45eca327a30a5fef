package io.hairpin.server.relay;

import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.Channel;
import io.hairpin.server.core.DropReason;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.DataIndication;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.TransactionId;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// The way of data through one allocation, in both directions. Headers are taken off and put on
/// in place; the payload is never copied.
///
/// Buffers are lent: each is retained if it is sent on.
public final class DataPath {

    private final ClientLink client;
    private final DataPaths shared;
    private @Nullable Allocation allocation;
    private @Nullable RelaySocket ipv4;
    private @Nullable RelaySocket ipv6;

    DataPath(ClientLink client, DataPaths shared) {
        this.client = client;
        this.shared = shared;
    }

    /// Relays what a client sent on a channel (RFC 8656 §12.5).
    public void channelData(ByteBuf frame) {
        int at = frame.readerIndex();
        ByteBuffer bytes = frame.internalNioBuffer(at, frame.readableBytes());
        int offset = bytes.position();
        if (!ChannelData.isWhole(bytes, offset, bytes.remaining())) {
            drop(DropReason.MALFORMED);
            return;
        }
        int length = ChannelData.length(bytes, offset);
        int number = ChannelData.channel(bytes, offset);
        Allocation allocation = this.allocation;
        Channel channel = allocation == null ? null : allocation.channel(number, shared.nowNanos());
        if (allocation == null || channel == null) {
            drop(DropReason.UNBOUND_CHANNEL);
            return;
        }
        DropReason refusal = allocation.refusalOn(channel);
        if (refusal != null) {
            drop(refusal);
            return;
        }
        int start = at + ChannelData.HEADER_BYTES;
        toPeer(frame.setIndex(start, start + length), channel.peer(), false);
    }

    /// Relays what a client sent in a Send indication (RFC 8656 §11.2).
    ///
    /// @param send what was found in the frame, and at `dataStart` in it the data
    public void send(ByteBuf frame, SendIndication send, int dataStart) {
        InetSocketAddress peer = send.peer();
        DropReason refusal =
                allocation == null
                        ? DropReason.NO_ALLOCATION
                        : allocation.refusal(peer, shared.nowNanos());
        if (refusal != null) {
            drop(refusal);
            return;
        }
        toPeer(frame.setIndex(dataStart, dataStart + send.dataLength()), peer, send.dontFragment());
    }

    private void toPeer(ByteBuf data, InetSocketAddress peer, boolean dontFragment) {
        RelaySocket relay = relay(AddressFamily.of(peer.getAddress()));
        if (relay == null) {
            drop(DropReason.FAMILY_MISMATCH);
            return;
        }
        client.traffic().relayedToPeer(data.readableBytes());
        InetSocketAddress destination = shared.open().destination(peer);
        if (dontFragment) {
            relay.endpoint().sendUnfragmented(data.retain(), destination);
        } else {
            relay.endpoint().send(data.retain(), destination);
        }
    }

    /// Relays what arrived at a relay (RFC 8656 §11.3 and §12.5).
    void fromPeer(ByteBuf datagram, InetSocketAddress source) {
        long nowNanos = shared.nowNanos();
        InetSocketAddress peer = shared.open().origin(source);
        Allocation allocation = this.allocation;
        DropReason refusal =
                allocation == null ? DropReason.NO_ALLOCATION : allocation.refusal(peer, nowNanos);
        if (allocation == null || refusal != null) {
            drop(refusal == null ? DropReason.NO_ALLOCATION : refusal);
            return;
        }
        int length = datagram.readableBytes();
        Channel channel = allocation.channelTo(peer, nowNanos);
        boolean framed =
                channel != null ? frame(datagram, channel, length) : wrap(datagram, peer, length);
        if (!framed) {
            drop(DropReason.TOO_LARGE);
        } else if (client.send(datagram.retain())) {
            client.traffic().relayedToClient(length);
        }
    }

    private boolean frame(ByteBuf datagram, Channel channel, int length) {
        if (ChannelData.HEADER_BYTES + length > client.maxMessageBytes()) {
            return false;
        }
        ByteBuffer header = headroom(datagram, ChannelData.HEADER_BYTES);
        ChannelData.writeHeader(header, header.position(), channel.number(), length);
        return true;
    }

    private boolean wrap(ByteBuf datagram, InetSocketAddress peer, int length) {
        int headerBytes = DataIndication.headerBytes(AddressFamily.of(peer.getAddress()));
        int padding = DataIndication.paddingOf(length);
        if (headerBytes + length + padding > client.maxMessageBytes()) {
            return false;
        }
        ByteBuffer header = headroom(datagram, headerBytes);
        DataIndication.writeHeader(
                header, header.position(), TransactionId.random(shared.random()), peer, length);
        datagram.writeZero(padding);
        return true;
    }

    /// Makes the bytes before the payload part of the message.
    private static ByteBuffer headroom(ByteBuf datagram, int bytes) {
        datagram.readerIndex(datagram.readerIndex() - bytes);
        return datagram.internalNioBuffer(datagram.readerIndex(), bytes);
    }

    void drop(DropReason reason) {
        client.traffic().dropped(reason);
    }

    /// Data may flow from now on.
    void start(Allocation allocation) {
        this.allocation = allocation;
    }

    @Nullable RelaySocket relay(AddressFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    void relay(AddressFamily family, @Nullable RelaySocket relay) {
        switch (family) {
            case IPV4 -> ipv4 = relay;
            case IPV6 -> ipv6 = relay;
        }
    }
}
