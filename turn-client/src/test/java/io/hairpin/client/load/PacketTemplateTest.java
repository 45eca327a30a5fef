package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Method;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

class PacketTemplateTest {

    private static final TransactionId ID = TransactionId.of(1, 2);
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4000);
    private static final int RUN = 0x1234_5678;

    private final Delivered delivered = new Delivered();

    @Test
    void aPlainPacketIsThePayload() {
        ByteBuffer packet = PacketTemplate.plain(172).stamped(99, 5, 3, RUN);

        assertThat(packet.remaining()).isEqualTo(172);
        assertCarried(packet, 0, 172);
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 26, 27, 1200})
    void channelDataIsFoundAgain(int size) {
        ByteBuffer packet = PacketTemplate.channelData(0x4000, size, false).stamped(99, 5, 3, RUN);

        assertThat(packet.remaining()).isEqualTo(4 + size);
        assertThat(delivered.wrap(packet, 0, packet.remaining())).isTrue();
        assertThat(delivered.length()).isEqualTo(size);
        assertCarried(packet, delivered.offset(), delivered.length());
    }

    @Test
    void onAStreamChannelDataIsPadded() {
        ByteBuffer packet = PacketTemplate.channelData(0x4000, 25, true).stamped(99, 5, 3, RUN);

        assertThat(packet.remaining()).isEqualTo(4 + 28);
        assertThat(delivered.wrap(packet, 0, packet.remaining())).isTrue();
        assertThat(delivered.length()).isEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 26, 27, 1200})
    void aSendIndicationSaysWhereTheDataGoes(int size) {
        ByteBuffer packet = PacketTemplate.sendIndication(PEER, size, ID).stamped(99, 5, 3, RUN);
        SendIndication indication = new SendIndication();

        assertThat(indication.wrap(packet, 0, packet.remaining()))
                .isEqualTo(SendIndication.Outcome.OK);
        assertThat(
                        TransportAddress.socketAddress(
                                indication.peerHigh(), indication.peerLow(), indication.peerPort()))
                .isEqualTo(PEER);
        assertThat(indication.dataLength()).isEqualTo(size);
        assertCarried(packet, indication.dataOffset(), indication.dataLength());
    }

    @Test
    void aPacketIsStampedAnewEachTime() {
        PacketTemplate template = PacketTemplate.channelData(0x4000, 24, false);
        template.stamped(1, 1, 1, RUN);

        ByteBuffer second = template.stamped(99, 5, 3, RUN);

        assertCarried(second, 4, 24);
        assertThat(second.position()).isZero();
        assertThat(second.remaining()).isEqualTo(28);
    }

    @Test
    void theDataOfADataIndicationIsFoundWhereverItStands() {
        byte[] payload = new byte[27];
        Payload.write(ByteBuffer.wrap(payload), 0, 99, 5, 3, RUN);
        StunMessage first =
                StunMessage.indication(Method.DATA, ID)
                        .with(Attributes.DATA, payload)
                        .with(Attributes.XOR_PEER_ADDRESS, PEER)
                        .build();
        StunMessage last =
                StunMessage.indication(Method.DATA, ID)
                        .with(Attributes.SOFTWARE, "some server")
                        .with(Attributes.XOR_PEER_ADDRESS, PEER)
                        .with(Attributes.DATA, payload)
                        .fingerprint()
                        .build();

        for (StunMessage message : new StunMessage[] {first, last}) {
            ByteBuffer bytes = shifted(message.toBytes());
            assertThat(delivered.wrap(bytes, 10, message.length())).isTrue();
            assertThat(delivered.length()).isEqualTo(27);
            assertCarried(bytes, delivered.offset(), delivered.length());
        }
    }

    @Test
    void whatCarriesNoDataIsLeftToOthers() {
        StunMessage response = StunMessage.success(Method.ALLOCATE, ID).build();
        StunMessage empty =
                StunMessage.indication(Method.DATA, ID)
                        .with(Attributes.XOR_PEER_ADDRESS, PEER)
                        .build();
        byte[] lying = {0x40, 0, 0, 9, 1, 2, 3};

        assertThat(wraps(response.toBytes())).isFalse();
        assertThat(wraps(empty.toBytes())).isFalse();
        assertThat(wraps(lying)).isFalse();
        assertThat(wraps(new byte[] {0x40})).isFalse();
        assertThat(wraps(new byte[0])).isFalse();
        assertThat(StunDecoder.decode(ByteBuffer.wrap(response.toBytes())))
                .isInstanceOf(Decoded.Message.class);
    }

    @Test
    void aDataIndicationThatReachesPastItsEndIsNotReadOn() {
        byte[] bytes =
                StunMessage.indication(Method.DATA, ID)
                        .with(Attributes.DATA, new byte[24])
                        .build()
                        .toBytes();
        ByteBuffer.wrap(bytes).putShort(22, (short) 25);

        assertThat(wraps(bytes)).isFalse();
    }

    private boolean wraps(byte[] bytes) {
        return delivered.wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static ByteBuffer shifted(byte[] bytes) {
        return ByteBuffer.allocate(10 + bytes.length).put(10, bytes);
    }

    private static void assertCarried(ByteBuffer bytes, int offset, int length) {
        assertThat(Payload.isOf(RUN, bytes, offset, length)).isTrue();
        assertThat(Payload.isOf(RUN + 1, bytes, offset, length)).isFalse();
        assertThat(Payload.isOf(RUN, bytes, offset, Payload.MIN_BYTES - 1)).isFalse();
        assertThat(Payload.sentNanos(bytes, offset)).isEqualTo(99);
        assertThat(Payload.sequence(bytes, offset)).isEqualTo(5);
        assertThat(Payload.client(bytes, offset)).isEqualTo(3);
    }
}
