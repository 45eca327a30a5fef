package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

class StunDecoderTest {
    private static final String ID = "2112a442 000000000000000000000001";
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("key");

    @Test
    void aBareHeaderIsAMessage() {
        StunMessage message = Hex.message("0001 0000" + ID);

        assertThat(message.method()).isEqualTo(Method.BINDING);
        assertThat(message.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(message.transactionId()).isEqualTo(TransactionId.of(0, 1));
        assertThat(message.attributeCodes()).isEmpty();
    }

    @Test
    void lessThanAHeaderIsTooShort() {
        assertThat(Hex.reason(new byte[0])).isEqualTo(Decoded.Reason.TOO_SHORT);
        assertThat(Hex.reason(new byte[19])).isEqualTo(Decoded.Reason.TOO_SHORT);
    }

    @Test
    void theFirstTwoBitsAreZero() {
        assertThat(Hex.reason(Hex.bytes("4001 0000" + ID))).isEqualTo(Decoded.Reason.NOT_STUN);
        assertThat(Hex.reason(Hex.bytes("8001 0000" + ID))).isEqualTo(Decoded.Reason.NOT_STUN);
    }

    @Test
    void theLengthIsAMultipleOfFour() {
        assertThat(Hex.reason(Hex.bytes("0001 0002" + ID + "0000")))
                .isEqualTo(Decoded.Reason.UNALIGNED_LENGTH);
    }

    @Test
    void theLengthIsThatOfTheDatagram() {
        assertThat(Hex.reason(Hex.bytes("0001 0004" + ID))).isEqualTo(Decoded.Reason.WRONG_LENGTH);
        assertThat(Hex.reason(Hex.bytes("0001 0000" + ID + "80220000")))
                .isEqualTo(Decoded.Reason.WRONG_LENGTH);
        assertThat(Hex.reason(new byte[StreamFraming.MAX_FRAME_BYTES + 4]))
                .isEqualTo(Decoded.Reason.WRONG_LENGTH);
    }

    @Test
    void onlyKnownMethodsPass() {
        assertThat(Hex.reason(Hex.bytes("0002 0000" + ID)))
                .isEqualTo(Decoded.Reason.UNKNOWN_METHOD);
        assertThat(Hex.reason(Hex.bytes("3eef 0000" + ID)))
                .isEqualTo(Decoded.Reason.UNKNOWN_METHOD);
    }

    @Test
    void noAttributeReachesPastTheEnd() {
        assertThat(Hex.reason(Hex.bytes("0001 0008" + ID + "8022 0005 61616161")))
                .isEqualTo(Decoded.Reason.ATTRIBUTE_OVERRUN);
        assertThat(Hex.reason(Hex.bytes("0001 0004" + ID + "8022 ffff")))
                .isEqualTo(Decoded.Reason.ATTRIBUTE_OVERRUN);
    }

    @Test
    void thereIsALimitToTheNumberOfAttributes() {
        int most = StunDecoder.MAX_ATTRIBUTES;

        assertThat(Hex.message(withFlags(most)).attributeCodes()).hasSize(most);
        assertThat(Hex.reason(withFlags(most + 1))).isEqualTo(Decoded.Reason.TOO_MANY_ATTRIBUTES);
    }

    @Test
    void theLargestMessageIsRead() {
        byte[] data = new byte[StunHeader.MAX_LENGTH - StunHeader.ATTRIBUTE_HEADER_BYTES];
        StunMessage built =
                StunMessage.indication(Method.DATA, TransactionId.of(1, 2))
                        .with(Attributes.DATA, data)
                        .build();

        assertThat(built.length()).isEqualTo(StreamFraming.MAX_FRAME_BYTES);
        assertThat(Hex.message(built.toBytes()).find(Attributes.DATA)).contains(data);
    }

    @Test
    void theBufferIsLeftAsItWas() {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(64)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(7, Hex.bytes("0001 0000" + ID))
                        .position(7)
                        .limit(27);

        Decoded decoded = StunDecoder.decode(buffer.asReadOnlyBuffer());
        StunDecoder.decode(buffer);
        buffer.put(8, (byte) 3);

        assertThat(decoded).isEqualTo(new Decoded.Message(Hex.message("0001 0000" + ID)));
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(buffer.limit()).isEqualTo(27);
    }

    @Test
    void everyTypeIsTakenApartAndPutTogether() {
        for (Method method : Method.values()) {
            for (MessageClass messageClass : MessageClass.values()) {
                int type = StunHeader.type(messageClass, method);

                assertThat(Method.of(StunHeader.methodCode(type))).contains(method);
                assertThat(StunHeader.messageClass(type)).isEqualTo(messageClass);
            }
        }
        assertThat(StunHeader.type(MessageClass.ERROR_RESPONSE, Method.ALLOCATE)).isEqualTo(0x0113);
        assertThat(StunHeader.type(MessageClass.INDICATION, Method.SEND)).isEqualTo(0x0016);
        assertThat(StunHeader.methodCode(0x3eef)).isEqualTo(0xfff);
    }

    /// RFC 8489 §14.5
    @Test
    void behindIntegrityOnlyTheStrongerOneAndTheFingerprintCount() {
        StunMessage message =
                Hex.message(
                        "0001 006c"
                                + ID
                                + "0006 0001 61000000"
                                + "0008 0014"
                                + "00".repeat(20)
                                + "0014 0001 61000000"
                                + "0008 0014"
                                + "11".repeat(20)
                                + "001c 0020"
                                + "22".repeat(32)
                                + "8028 0004 00000000");

        assertThat(message.attributeCodes()).containsExactly(0x0006, 0x0008, 0x001c, 0x8028);
        assertThat(message.find(Attributes.REALM)).isEmpty();
        assertThat(message.has(Attributes.REALM)).isFalse();
        assertThat(message.findAll(Attributes.MESSAGE_INTEGRITY)).containsExactly(new byte[20]);
        assertThat(message.comprehensionRequired()).containsExactly(0x0006, 0x0008, 0x001c);
    }

    /// RFC 8489 §14.6
    @Test
    void behindTheStrongerIntegrityOnlyTheFingerprintCounts() {
        StunMessage message =
                Hex.message(
                        "0001 004c"
                                + ID
                                + "001c 0020"
                                + "22".repeat(32)
                                + "0008 0014"
                                + "00".repeat(20)
                                + "7f00 0000"
                                + "8022 0000"
                                + "8028 0004 00000000");

        assertThat(message.attributeCodes()).containsExactly(0x001c, 0x8028);
        assertThat(message.comprehensionRequired()).containsExactly(0x001c);
        assertThat(message.integrity()).contains(Integrity.SHA256);
    }

    /// RFC 8489 §14.7
    @Test
    void aFingerprintCountsOnlyAtTheEnd() {
        StunMessage printed =
                StunMessage.request(Method.BINDING, TransactionId.of(0, 1)).fingerprint().build();
        byte[] extended = Arrays.copyOf(printed.toBytes(), printed.length() + 4);
        extended[3] = 12;
        extended[28] = (byte) 0x80;
        extended[29] = 0x22;

        StunMessage message = Hex.message(extended);

        assertThat(printed.hasValidFingerprint()).isTrue();
        assertThat(message.hasValidFingerprint()).isFalse();
        assertThat(message.attributeCodes()).containsExactly(0x8022);
    }

    @Test
    void aFingerprintOfTheWrongSizeOrValueIsNotValid() {
        StunMessage wrongSize = Hex.message("0001 0004" + ID + "8028 0000");
        StunMessage wrongValue = Hex.message("0001 0008" + ID + "8028 0004 00000000");

        assertThat(wrongSize.hasValidFingerprint()).isFalse();
        assertThat(wrongSize.malformedAttributes()).containsExactly(0x8028);
        assertThat(wrongValue.hasValidFingerprint()).isFalse();
        assertThat(Hex.message("0001 0000" + ID).hasValidFingerprint()).isFalse();
    }

    /// RFC 8489 §14.6
    @Test
    void theStrongerIntegrityMayBeCutToSixteenBytesAndNoFurther() {
        for (int size = 0; size <= 40; size += 2) {
            StunMessage message = cut(size);
            boolean allowed = size >= 16 && size <= 32 && size % 4 == 0;

            assertThat(message.verify(Integrity.SHA256, KEY))
                    .as("%d bytes", size)
                    .isEqualTo(allowed);
            assertThat(message.malformedAttributes().isEmpty()).isEqualTo(allowed);
            assertThat(message.has(Attributes.MESSAGE_INTEGRITY_SHA256)).isTrue();
            assertThat(message.find(Attributes.MESSAGE_INTEGRITY_SHA256).isPresent())
                    .isEqualTo(allowed);
        }
    }

    @Test
    void integrityOfTheWrongSizeNeverVerifies() {
        StunMessage message = Hex.message("0001 0014" + ID + "0008 0010" + "00".repeat(16));

        assertThat(message.integrity()).contains(Integrity.SHA1);
        assertThat(message.verify(Integrity.SHA1, KEY)).isFalse();
        assertThat(message.verify(Integrity.SHA256, KEY)).isFalse();
        assertThat(message.malformedAttributes()).containsExactly(0x0008);
    }

    /// RFC 3489 §11: sixteen bytes of transaction id, and plain addresses.
    @Test
    void classicMessagesAreToldByTheMissingCookie() {
        StunMessage request =
                Hex.message("0001 0008 0102030405060708090a0b0c0d0e0f10 0003 0004 00000006");
        StunMessage response =
                StunMessage.success(Method.BINDING, request.transactionId())
                        .with(Attributes.MAPPED_ADDRESS, new InetSocketAddress("192.0.2.1", 0x1234))
                        .build();

        assertThat(request.isClassic()).isTrue();
        assertThat(request.find(Attributes.CHANGE_REQUEST)).contains(new ChangeRequest(true, true));
        assertThat(response.isClassic()).isTrue();
        assertThat(response.toBytes())
                .isEqualTo(
                        Hex.bytes(
                                "0101 000c 0102030405060708090a0b0c0d0e0f10"
                                        + "0001 0008 0001 1234 c0000201"));
        assertThat(Hex.message(response.toBytes()).find(Attributes.MAPPED_ADDRESS))
                .contains(new InetSocketAddress("192.0.2.1", 0x1234));
    }

    @Test
    void paddingIsNotLookedAt() {
        StunMessage message = Hex.message("0001 0008" + ID + "8022 0001 61ffffff");

        assertThat(message.find(Attributes.SOFTWARE)).contains("a");
    }

    private static byte[] withFlags(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(20 + 4 * count);
        bytes.put(Hex.bytes("0001 0000" + ID)).putShort(2, (short) (4 * count));
        while (bytes.hasRemaining()) {
            bytes.putInt(0x80000000);
        }
        return bytes.array();
    }

    /// A message with a tag of so many bytes that is right as far as it goes.
    private static StunMessage cut(int size) {
        int padded = StunHeader.padded(size);
        byte[] bytes = new byte[24 + padded];
        ByteBuffer.wrap(bytes)
                .put(Hex.bytes("0001 0000" + ID))
                .putShort(2, (short) (4 + padded))
                .putShort((short) 0x001c)
                .putShort((short) size)
                .put(KEY.tag(Integrity.SHA256, bytes, 20, size), 0, Math.min(size, 32));
        return Hex.message(bytes);
    }
}
