package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.nio.ByteBuffer;

/// Any bytes are a value; one that is a message can be looked at from every side.
class DecoderFuzzTest {
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBt");

    @FuzzTest
    void decodingIsTotal(byte[] bytes) {
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var message)) {
            assertThat(message.toBytes()).isEqualTo(bytes);
            assertThat(message.toString()).isNotEmpty();
            assertThat(message.attributeCodes()).containsAll(message.comprehensionRequired());
            message.malformedAttributes()
                    .forEach(code -> assertThat(Attributes.of(code)).isPresent());
            Attributes.all().forEach(type -> assertThat(message.findAll(type)).isNotNull());
            for (Integrity integrity : Integrity.values()) {
                if (message.verify(integrity, KEY)) {
                    assertThat(message.has(integrity.attribute())).isTrue();
                }
            }
            if (message.hasValidFingerprint()) {
                assertThat(message.attributeCodes().getLast())
                        .isEqualTo(Attributes.FINGERPRINT.code());
            }
        }
    }
}
