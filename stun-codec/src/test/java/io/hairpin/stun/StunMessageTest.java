package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

class StunMessageTest {
    private static final TransactionId ID = TransactionId.of(0x01020304, 0x05060708090A0B0CL);
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "secret");
    private static final AttributeType<byte[]> UNKNOWN = AttributeType.of(0x7F00);

    @Test
    void whatIsBuiltCanBeRead() {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 4000);

        StunMessage built =
                StunMessage.request(Method.CREATE_PERMISSION, ID)
                        .with(Attributes.XOR_PEER_ADDRESS, peer)
                        .with(Attributes.USERNAME, "alice")
                        .fingerprint()
                        .integrity(Integrity.SHA256, KEY)
                        .integrity(Integrity.SHA1, KEY)
                        .build();

        assertThat(Hex.message(built.toBytes())).isEqualTo(built).hasSameHashCodeAs(built);
        assertThat(built.method()).isEqualTo(Method.CREATE_PERMISSION);
        assertThat(built.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(built.transactionId()).isEqualTo(ID);
        assertThat(built.attributeCodes()).containsExactly(0x0012, 0x0006, 0x0008, 0x001C, 0x8028);
        assertThat(built.find(Attributes.XOR_PEER_ADDRESS)).contains(peer);
        assertThat(built.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(built.verify(Integrity.SHA256, KEY)).isTrue();
        assertThat(built.integrity()).contains(Integrity.SHA256);
        assertThat(built.hasValidFingerprint()).isTrue();
        assertThat(built.malformedAttributes()).isEmpty();
    }

    @Test
    void integrityOfAnotherKeyDoesNotVerify() {
        StunMessage message =
                StunMessage.success(Method.REFRESH, ID).integrity(Integrity.SHA1, KEY).build();

        assertThat(message.verify(Integrity.SHA1, IntegrityKey.shortTerm("other"))).isFalse();
        assertThat(message.verify(Integrity.SHA256, KEY)).isFalse();
        assertThat(message.integrity()).contains(Integrity.SHA1);
        assertThat(StunMessage.success(Method.REFRESH, ID).build().integrity()).isEmpty();
    }

    @Test
    void anErrorResponseHasItsCodeAndReason() {
        StunMessage message = StunMessage.error(Method.ALLOCATE, ID, ErrorCode.STALE_NONCE).build();

        assertThat(message.messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
        assertThat(message.find(Attributes.ERROR_CODE))
                .contains(new ErrorValue(438, "Stale Nonce"));
    }

    @Test
    void repeatedAttributesAreFoundInOrderAndTheFirstSpeaks() {
        StunMessage message =
                StunMessage.request(Method.BINDING, ID)
                        .with(Attributes.SOFTWARE, "one")
                        .with(UNKNOWN, new byte[1])
                        .with(Attributes.SOFTWARE, "two")
                        .with(UNKNOWN, new byte[2])
                        .build();

        assertThat(message.find(Attributes.SOFTWARE)).contains("one");
        assertThat(message.findAll(Attributes.SOFTWARE)).containsExactly("one", "two");
        assertThat(message.find(UNKNOWN)).contains(new byte[1]);
        assertThat(message.comprehensionRequired()).containsExactly(0x7F00);
    }

    @Test
    void aMalformedValueIsThereButNotFound() {
        StunMessage message =
                StunMessage.request(Method.ALLOCATE, ID)
                        .with(AttributeType.of(0x000D), new byte[3])
                        .with(Attributes.LIFETIME, 60L)
                        .with(AttributeType.of(0x000D), new byte[5])
                        .with(UNKNOWN, new byte[3])
                        .build();

        assertThat(message.has(Attributes.LIFETIME)).isTrue();
        assertThat(message.find(Attributes.LIFETIME)).isEmpty();
        assertThat(message.findAll(Attributes.LIFETIME)).containsExactly(60L);
        assertThat(message.malformedAttributes()).containsExactly(0x000D);
    }

    @Test
    void paddingIsZero() {
        byte[] bytes =
                StunMessage.request(Method.BINDING, ID)
                        .with(UNKNOWN, new byte[] {1})
                        .build()
                        .toBytes();

        assertThat(bytes).endsWith(0x7F, 0, 0, 1, 1, 0, 0, 0);
    }

    @Test
    void bytesThatLeaveOrEnterAreCopies() {
        byte[] data = {1};
        StunMessage.Builder builder =
                StunMessage.indication(Method.SEND, ID).with(Attributes.DATA, data);
        data[0] = 2;
        StunMessage message = builder.build();

        message.toBytes()[0] = 3;
        message.find(Attributes.DATA).orElseThrow()[0] = 4;

        assertThat(message.find(Attributes.DATA)).contains(new byte[] {1});
        assertThat(message.method()).isEqualTo(Method.SEND);
    }

    @Test
    void aBuilderCanBeUsedAgain() {
        StunMessage.Builder builder = StunMessage.request(Method.BINDING, ID);
        StunMessage first = builder.build();
        StunMessage second = builder.with(Attributes.PRIORITY, 1L).fingerprint().build();

        assertThat(first.attributeCodes()).isEmpty();
        assertThat(second.attributeCodes()).containsExactly(0x0024, 0x8028);
    }

    @Test
    void aMessageWritesItselfIntoABuffer() {
        StunMessage message = StunMessage.request(Method.BINDING, ID).fingerprint().build();
        ByteBuffer buffer = ByteBuffer.allocate(100);

        message.writeTo(buffer);

        assertThat(buffer.position()).isEqualTo(message.length());
        assertThat(StunDecoder.decode(buffer.flip())).isEqualTo(new Decoded.Message(message));
    }

    @Test
    void moreThanFitsIsRefused() {
        StunMessage.Builder builder =
                StunMessage.indication(Method.DATA, ID).with(Attributes.DATA, new byte[0xFFFF]);
        StunMessage.Builder many = StunMessage.request(Method.BINDING, ID);
        for (int i = 0; i <= StunDecoder.MAX_ATTRIBUTES; i++) {
            many.with(Attributes.DONT_FRAGMENT, Present.PRESENT);
        }

        assertThatIllegalArgumentException().isThrownBy(builder::build);
        assertThatIllegalArgumentException().isThrownBy(many::build);
    }

    @Test
    void toStringNamesAttributesAndKeepsTheirValues() {
        StunMessage message =
                StunMessage.request(Method.ALLOCATE, ID)
                        .with(Attributes.USERNAME, "alice")
                        .with(UNKNOWN, new byte[0])
                        .integrity(Integrity.SHA1, KEY)
                        .build();

        assertThat(message)
                .hasToString(
                        "ALLOCATE REQUEST 0102030405060708090a0b0c"
                                + " [USERNAME, 0x7F00, MESSAGE-INTEGRITY]");
    }
}
