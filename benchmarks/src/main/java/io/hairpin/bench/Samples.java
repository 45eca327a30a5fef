package io.hairpin.bench;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Packets like those that a browser sends, the same in every run.
///
/// They lie in direct buffers, as those that come from a socket do.
final class Samples {
    /// About what a browser puts into a packet of video.
    static final int PAYLOAD_BYTES = 1200;

    static final IntegrityKey MD5_KEY = key(PasswordAlgorithm.MD5);
    static final IntegrityKey SHA_256_KEY = key(PasswordAlgorithm.SHA_256);

    private static final String USERNAME = "1798761600:alice";
    private static final String REALM = "example.org";
    private static final InetSocketAddress PEER = peer();

    private Samples() {}

    /// An Allocate request by somebody who has been given a nonce.
    static StunMessage allocateRequest(Integrity integrity) {
        StunMessage.Builder request =
                StunMessage.request(Method.ALLOCATE, id())
                        .with(Attributes.REQUESTED_TRANSPORT, 17)
                        .with(Attributes.LIFETIME, 600L)
                        .with(Attributes.USERNAME, USERNAME)
                        .with(Attributes.REALM, REALM)
                        .with(
                                Attributes.NONCE,
                                "obMatJos2AAABk1Xh6nS0dGhlIG5vbmNlIG9mIGEgY2xpZW50");
        if (integrity == Integrity.SHA256) {
            request.with(Attributes.PASSWORD_ALGORITHM, PasswordAlgorithm.SHA_256);
        }
        return request.integrity(integrity, keyFor(integrity)).fingerprint().build();
    }

    static IntegrityKey keyFor(Integrity integrity) {
        return switch (integrity) {
            case SHA1 -> MD5_KEY;
            case SHA256 -> SHA_256_KEY;
        };
    }

    static ByteBuffer channelData() {
        ByteBuffer packet =
                ByteBuffer.allocateDirect(ChannelData.HEADER_BYTES + PAYLOAD_BYTES)
                        .put(ChannelData.HEADER_BYTES, payload());
        ChannelData.writeHeader(packet, 0, ChannelData.MIN_CHANNEL, PAYLOAD_BYTES);
        return packet;
    }

    static ByteBuffer sendIndication() {
        return direct(
                StunMessage.indication(Method.SEND, id())
                        .with(Attributes.XOR_PEER_ADDRESS, PEER)
                        .with(Attributes.DATA, payload())
                        .build());
    }

    static ByteBuffer direct(StunMessage message) {
        return ByteBuffer.allocateDirect(message.length()).put(message.toBytes()).flip();
    }

    private static TransactionId id() {
        return TransactionId.random(new SplittableRandom(8656));
    }

    private static byte[] payload() {
        byte[] payload = new byte[PAYLOAD_BYTES];
        new SplittableRandom(8489).nextBytes(payload);
        return payload;
    }

    private static IntegrityKey key(PasswordAlgorithm algorithm) {
        return IntegrityKey.longTerm(algorithm, USERNAME, REALM, "correct-horse");
    }

    private static InetSocketAddress peer() {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7}), 49152);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }
}
