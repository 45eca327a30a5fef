package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

class SendIndicationTest {
    private static final TransactionId ID = TransactionId.of(0x89abcdef, 0xfedcba9876543210L);
    private static final InetSocketAddress IPV4 = new InetSocketAddress("203.0.113.250", 65535);
    private static final InetSocketAddress IPV6 =
            new InetSocketAddress("2001:db8:ffff:fffe:8000::1", 1);

    private final SendIndication send = new SendIndication();

    @Test
    void peerAndDataAreFound() {
        for (InetSocketAddress peer : List.of(IPV4, IPV6)) {
            byte[] message = build(peer, 1, 2, 3).fingerprint().build().toBytes();
            ByteBuffer buffer = ByteBuffer.allocate(300).put(100, message);

            assertThat(send.wrap(buffer, 100, message.length)).isEqualTo(SendIndication.Outcome.OK);
            assertThat(peer()).isEqualTo(TransportAddress.of(peer));
            assertThat(send.dataLength()).isEqualTo(3);
            assertThat(buffer.get(send.dataOffset())).isEqualTo((byte) 1);
            assertThat(buffer.get(send.dataOffset() + 2)).isEqualTo((byte) 3);
            assertThat(send.dontFragment()).isFalse();
        }
    }

    @Test
    void addressesArePackedIntoTwoLongs() {
        wrap(build(IPV4).build());

        assertThat(send.peerHigh()).isZero();
        assertThat(send.peerLow()).isEqualTo(0xFFFF_CB00_71FAL);

        wrap(build(IPV6).build());

        assertThat(send.peerHigh()).isEqualTo(0x20010db8fffffffeL);
        assertThat(send.peerLow()).isEqualTo(0x8000000000000001L);
    }

    @Test
    void dontFragmentIsSeenAndForgottenAgain() {
        wrap(build(IPV4).with(Attributes.DONT_FRAGMENT, Present.PRESENT).build());
        assertThat(send.dontFragment()).isTrue();

        wrap(build(IPV4).build());
        assertThat(send.dontFragment()).isFalse();
    }

    @Test
    void dataMayBeEmpty() {
        assertThat(wrap(build(IPV4).build())).isEqualTo(SendIndication.Outcome.OK);
        assertThat(send.dataLength()).isZero();
    }

    @Test
    void theFirstOfRepeatedAttributesCounts() {
        StunMessage message =
                build(IPV4, 1)
                        .with(Attributes.XOR_PEER_ADDRESS, IPV6)
                        .with(Attributes.DATA, new byte[9])
                        .build();

        assertThat(wrap(message)).isEqualTo(SendIndication.Outcome.OK);
        assertThat(peer()).isEqualTo(TransportAddress.of(IPV4));
        assertThat(send.dataLength()).isEqualTo(1);
    }

    @Test
    void everythingElseIsNotSend() {
        byte[] classic = build(IPV4).build().toBytes();
        classic[4] = 0;

        assertThat(wrap(StunMessage.request(Method.SEND, ID).build()))
                .isEqualTo(SendIndication.Outcome.NOT_SEND);
        assertThat(wrap(StunMessage.indication(Method.DATA, ID).build()))
                .isEqualTo(SendIndication.Outcome.NOT_SEND);
        assertThat(wrap(classic)).isEqualTo(SendIndication.Outcome.NOT_SEND);
        assertThat(wrap(new byte[19])).isEqualTo(SendIndication.Outcome.NOT_SEND);
        assertThat(wrap(new byte[0])).isEqualTo(SendIndication.Outcome.NOT_SEND);
    }

    @Test
    void onlyAttributesThatNeedNotBeUnderstoodMayBeAdded() {
        assertThat(wrap(build(IPV4).with(AttributeType.of(0xC057), new byte[3]).build()))
                .isEqualTo(SendIndication.Outcome.OK);
        assertThat(wrap(build(IPV4).with(AttributeType.of(0x7FFF), new byte[3]).build()))
                .isEqualTo(SendIndication.Outcome.UNKNOWN_ATTRIBUTE);
        assertThat(wrap(build(IPV4).with(Attributes.LIFETIME, 1L).build()))
                .isEqualTo(SendIndication.Outcome.UNKNOWN_ATTRIBUTE);
    }

    @Test
    void peerAndDataAreNeeded() {
        StunMessage.Builder send = StunMessage.indication(Method.SEND, ID);

        assertThat(wrap(send.build())).isEqualTo(SendIndication.Outcome.NO_PEER);
        assertThat(wrap(send.with(Attributes.XOR_PEER_ADDRESS, IPV4).build()))
                .isEqualTo(SendIndication.Outcome.NO_DATA);
    }

    @Test
    void brokenLengthsAreMalformed() {
        byte[] message = build(IPV4, 1, 2, 3, 4).build().toBytes();

        for (int length = 20; length < message.length; length++) {
            assertThat(send.wrap(ByteBuffer.wrap(message), 0, length))
                    .isEqualTo(SendIndication.Outcome.MALFORMED);
        }
        message[35] = 5;
        assertThat(wrap(message)).isEqualTo(SendIndication.Outcome.MALFORMED);
        message[35] = 4;
        message[3]--;
        assertThat(send.wrap(ByteBuffer.wrap(message), 0, message.length - 1))
                .isEqualTo(SendIndication.Outcome.MALFORMED);
    }

    @Test
    void brokenValuesAreMalformed() {
        StunMessage.Builder withFlag = build(IPV4).with(AttributeType.of(0x001A), new byte[1]);

        assertThat(wrap(withFlag.build())).isEqualTo(SendIndication.Outcome.MALFORMED);
        for (String peer :
                List.of(
                        "",
                        "00011234",
                        "00021234 00000000",
                        "00031234 00000000",
                        "00011234 00000000 00",
                        "00021234" + "00".repeat(20))) {
            StunMessage message =
                    StunMessage.indication(Method.SEND, ID)
                            .with(AttributeType.of(0x0012), Hex.bytes(peer))
                            .with(Attributes.DATA, new byte[0])
                            .build();

            assertThat(wrap(message)).as(peer).isEqualTo(SendIndication.Outcome.MALFORMED);
        }
    }

    @Test
    void thereIsALimitToTheNumberOfAttributes() {
        ByteBuffer bytes = ByteBuffer.allocate(20 + 4 * (StunDecoder.MAX_ATTRIBUTES + 1));
        bytes.putShort((short) 0x0016).putShort((short) (bytes.capacity() - 20));
        bytes.putInt(TransactionId.MAGIC_COOKIE).position(20);
        while (bytes.hasRemaining()) {
            bytes.putInt(0x80000000);
        }

        assertThat(wrap(bytes.array())).isEqualTo(SendIndication.Outcome.MALFORMED);
    }

    @Test
    void lookingAllocatesNothing() {
        ByteBuffer ipv4 = ByteBuffer.wrap(build(IPV4, 1).build().toBytes());
        ByteBuffer ipv6 = ByteBuffer.wrap(build(IPV6, 1).build().toBytes());
        ByteBuffer out = ByteBuffer.allocateDirect(64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        look(ipv4, ipv6, out);
        threads.getCurrentThreadAllocatedBytes();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) {
            look(ipv4, ipv6, out);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
    }

    private void look(ByteBuffer ipv4, ByteBuffer ipv6, ByteBuffer out) {
        send.wrap(ipv4, 0, ipv4.capacity());
        send.wrap(ipv6, 0, ipv6.capacity());
        DataIndication.writeHeader(
                out, 0, 1, 2, send.peerHigh(), send.peerLow(), send.peerPort(), send.dataLength());
        ChannelData.writeHeader(out, 0, 0x4000, send.dataOffset());
        StreamFraming.frameLength(ipv4, 0, ipv4.capacity());
    }

    private TransportAddress peer() {
        return new TransportAddress(send.peerHigh(), send.peerLow(), send.peerPort());
    }

    private SendIndication.Outcome wrap(StunMessage message) {
        return wrap(message.toBytes());
    }

    private SendIndication.Outcome wrap(byte[] bytes) {
        return send.wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static StunMessage.Builder build(InetSocketAddress peer, int... data) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) data[i];
        }
        return StunMessage.indication(Method.SEND, ID)
                .with(Attributes.XOR_PEER_ADDRESS, peer)
                .with(Attributes.DATA, bytes);
    }
}
