package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Credentials;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class IntruderTest {

    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "mallory", "example.org", "secret");

    private final Wire wire = new Wire();
    private final Intruder mallory =
            new Intruder(
                    wire,
                    Optional.of(new Credentials("mallory", "secret")),
                    new SplittableRandom(7));

    @Test
    void whatItSignsIsSignedWithTheLatestNonce() {
        mallory.open();
        send(500);
        assertThat(signed()).isZero();

        hears(ErrorCode.UNAUTHENTICATED, "first");
        wire.sent.clear();
        send(500);
        assertThat(signed()).isGreaterThan(100);
        assertThat(nonces()).containsOnly("first");

        hears(ErrorCode.UNAUTHENTICATED, "second");
        wire.sent.clear();
        send(500);
        assertThat(nonces()).containsOnly("first");

        hears(ErrorCode.STALE_NONCE, "third");
        wire.sent.clear();
        send(500);
        assertThat(nonces()).containsOnly("third");
    }

    @Test
    void itConnectsAnewWhenTheServerHasHadEnough() {
        mallory.open();
        send(3);

        mallory.lost("the server closed the connection");

        assertThat(mallory.send()).isTrue();
        assertThat(wire.opened).isEqualTo(2);
    }

    @Test
    void withoutALinkNothingIsSentAndTheReasonIsKept() {
        wire.refuses = true;
        mallory.open();

        assertThat(mallory.send()).isFalse();
        assertThat(mallory.failure()).isEqualTo("no socket");
    }

    @Test
    void whoLeavesGivesItsAllocationBackAndIsSilent() {
        mallory.open();
        hears(ErrorCode.UNAUTHENTICATED, "first");
        wire.sent.clear();

        mallory.leave();

        assertThat(wire.sent).hasSize(1);
        StunMessage refresh = messages().getFirst();
        assertThat(refresh.method()).isEqualTo(Method.REFRESH);
        assertThat(refresh.find(Attributes.LIFETIME)).contains(0L);
        assertThat(refresh.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(mallory.send()).isFalse();
        mallory.close();
        assertThat(wire.closed).isEqualTo(1);
    }

    @Test
    void whatTheServerSaysWithoutSenseIsPassedOver() {
        mallory.open();

        mallory.received(ByteBuffer.wrap(new byte[7]), 0, 7);
        hears(ErrorCode.UNAUTHENTICATED, "");
        send(100);

        assertThat(wire.sent).hasSize(100);
    }

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            assertThat(mallory.send()).isTrue();
        }
    }

    private long signed() {
        return messages().stream().filter(message -> message.verify(Integrity.SHA1, KEY)).count();
    }

    private List<String> nonces() {
        return messages().stream()
                .filter(message -> message.verify(Integrity.SHA1, KEY))
                .map(message -> message.findAll(Attributes.NONCE).getLast())
                .distinct()
                .toList();
    }

    private List<StunMessage> messages() {
        List<StunMessage> messages = new ArrayList<>();
        for (byte[] bytes : wire.sent) {
            if (StunDecoder.decode(ByteBuffer.wrap(bytes))
                    instanceof Decoded.Message(StunMessage message)) {
                messages.add(message);
            }
        }
        return messages;
    }

    private void hears(ErrorCode code, String nonce) {
        StunMessage.Builder response =
                StunMessage.error(Method.ALLOCATE, TransactionId.of(1, 2), code)
                        .with(Attributes.REALM, "example.org");
        if (!nonce.isEmpty()) {
            response.with(Attributes.NONCE, nonce);
        }
        byte[] bytes = response.build().toBytes();
        mallory.received(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    /// Keeps what is sent.
    private static final class Wire implements Link.Opener, Link {

        final List<byte[]> sent = new ArrayList<>();
        int opened;
        int closed;
        boolean refuses;

        @Override
        public void open(Handler handler) {
            if (refuses) {
                handler.notOpened("no socket");
            } else {
                opened++;
                handler.opened(this);
            }
        }

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public void send(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            sent.add(copy);
        }

        @Override
        public void request(ByteBuffer bytes) {
            send(bytes);
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
