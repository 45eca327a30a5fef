package io.hairpin.client.load;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A whole packet that is sent again and again, each time with another payload header.
///
/// The receiver of an indication does nothing with its transaction id, so all that are made of one
/// template have the same.
///
/// @param bytes all of the packet, from its position to its limit
/// @param payload where the payload begins
record PacketTemplate(ByteBuffer bytes, int payload) {

    /// As peers send it.
    static PacketTemplate plain(int payloadBytes) {
        return new PacketTemplate(ByteBuffer.allocateDirect(payloadBytes), 0);
    }

    /// As clients send it in a channel; on a stream it is padded.
    static PacketTemplate channelData(int channel, int payloadBytes, boolean stream) {
        int data = stream ? ChannelData.paddedLength(payloadBytes) : payloadBytes;
        ByteBuffer bytes = ByteBuffer.allocateDirect(ChannelData.HEADER_BYTES + data);
        ChannelData.writeHeader(bytes, 0, channel, payloadBytes);
        return new PacketTemplate(bytes, ChannelData.HEADER_BYTES);
    }

    /// As clients send it without a channel.
    static PacketTemplate sendIndication(
            InetSocketAddress peer, int payloadBytes, TransactionId id) {
        byte[] message =
                StunMessage.indication(Method.SEND, id)
                        .with(Attributes.XOR_PEER_ADDRESS, peer)
                        .with(Attributes.DATA, new byte[payloadBytes])
                        .build()
                        .toBytes();
        ByteBuffer bytes = ByteBuffer.allocateDirect(message.length).put(message).flip();
        return new PacketTemplate(bytes, message.length - ChannelData.paddedLength(payloadBytes));
    }

    /// The packet with this payload header; it holds until the next call.
    ByteBuffer stamped(long sentNanos, long sequence, int client, int run) {
        Payload.write(bytes, payload, sentNanos, sequence, client, run);
        return bytes.clear();
    }
}
