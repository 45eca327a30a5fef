package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;

class BareRequestTest {

    private static final TransactionId ID = TransactionId.of(1, 2);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("secret");

    @Test
    void aRequestWithoutIntegrityIsBare() {
        assertThat(isBare(request(Method.ALLOCATE).build())).isTrue();
        assertThat(isBare(request(Method.REFRESH).with(Attributes.LIFETIME, 600L).build()))
                .isTrue();
        assertThat(isBare(request(Method.ALLOCATE).with(Attributes.SOFTWARE, "abcde").build()))
                .isTrue();
    }

    @Test
    void oneWithIntegrityIsNot() {
        for (Integrity integrity : Integrity.values()) {
            StunMessage.Builder signed =
                    request(Method.ALLOCATE)
                            .with(Attributes.USERNAME, "alice")
                            .integrity(integrity, KEY);
            assertThat(isBare(signed.build())).isFalse();
            assertThat(isBare(signed.fingerprint().build())).isFalse();
        }
    }

    @Test
    void aBindingRequestIsBareWhateverItCarries() {
        StunMessage.Builder binding = request(Method.BINDING).integrity(Integrity.SHA1, KEY);
        StunMessage classic =
                StunMessage.request(Method.BINDING, new TransactionId(1, 2, 3)).build();

        assertThat(isBare(binding.build())).isTrue();
        assertThat(isBare(classic)).isTrue();
    }

    @Test
    void whatIsNoRequestIsNot() {
        assertThat(isBare(StunMessage.indication(Method.BINDING, ID).build())).isFalse();
        assertThat(isBare(StunMessage.success(Method.BINDING, ID).build())).isFalse();
        assertThat(isBare(StunMessage.error(Method.BINDING, ID, ErrorCode.BAD_REQUEST).build()))
                .isFalse();
    }

    @Test
    void onlyTheBytesThatAreMeantAreLookedAt() {
        byte[] message = request(Method.ALLOCATE).build().toBytes();
        byte[] others = new byte[300];
        Arrays.fill(others, (byte) 0xFF);
        ByteBuffer buffer = ByteBuffer.wrap(others).put(100, message);

        assertThat(BareRequest.is(buffer, 100, message.length)).isTrue();
        assertThat(BareRequest.is(buffer, 100, message.length + 4)).isFalse();
        assertThat(BareRequest.is(buffer, 100, message.length - 4)).isFalse();
        assertThat(BareRequest.is(buffer, 0, message.length)).isFalse();
    }

    @Property
    void itAgreesWithTheDecoderOnAnyBytes(@ForAll @Size(max = 120) byte[] bytes) {
        assertAgreement(bytes);
    }

    @Property
    void itAgreesWithTheDecoderOnAnythingThatLooksLikeAMessage(
            @ForAll short type, @ForAll @Size(max = 100) byte[] rest) {
        byte[] body = Arrays.copyOf(rest, rest.length & ~3);
        ByteBuffer message =
                ByteBuffer.allocate(StunHeader.BYTES + body.length)
                        .putShort((short) (type & 0x3EFF & ~0x10))
                        .putShort((short) body.length)
                        .put(StunHeader.BYTES, body);
        assertAgreement(message.array());
    }

    @Test
    void lookingMakesNoObjects() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] message = request(Method.ALLOCATE).with(Attributes.LIFETIME, 600L).build().toBytes();
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int rounds = 100_000;
        int bare = 0;
        for (int i = 0; i < rounds; i++) {
            bare += BareRequest.is(buffer, 0, message.length) ? 1 : 0;
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            bare += BareRequest.is(buffer, 0, message.length) ? 1 : 0;
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(rounds);
        assertThat(bare).isEqualTo(2 * rounds);
    }

    /// What is bare is refused without being decoded, so it must be nothing that would get another
    /// treatment if it were.
    private static void assertAgreement(byte[] bytes) {
        boolean bare = BareRequest.is(ByteBuffer.wrap(bytes), 0, bytes.length);
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var message)) {
            boolean unsigned = message.method() == Method.BINDING || message.integrity().isEmpty();
            assertThat(bare).isEqualTo(message.messageClass() == MessageClass.REQUEST && unsigned);
        }
    }

    private static boolean isBare(StunMessage message) {
        return BareRequest.is(ByteBuffer.wrap(message.toBytes()), 0, message.length());
    }

    private static StunMessage.Builder request(Method method) {
        return StunMessage.request(method, ID);
    }
}
