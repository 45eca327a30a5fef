package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Challenge;
import io.hairpin.client.Credentials;
import io.hairpin.client.load.Mutations.Kind;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

class MutationsTest {

    private static final int SAMPLES = 1000;
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "secret");

    private final Challenge challenge = challenge();
    private final Mutations mutations = new Mutations(new SplittableRandom(5));

    @Test
    void theSameSeedGivesTheSameMessages() {
        Mutations again = new Mutations(new SplittableRandom(5));

        for (int i = 0; i < SAMPLES; i++) {
            assertThat(again.next(challenge)).isEqualTo(mutations.next(challenge));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void whatIsChangedBeforeItIsSignedIsSignedRight(Method method) {
        boolean isIndication = method == Method.SEND || method == Method.DATA;
        int signed = 0;
        for (int i = 0; i < SAMPLES; i++) {
            StunMessage message = decoded(mutations.next(method, Kind.ATTRIBUTES, challenge));
            signed += message.verify(Integrity.SHA1, KEY) ? 1 : 0;
        }

        // One that has invented an integrity before its own is not.
        assertThat(signed).isGreaterThanOrEqualTo(isIndication ? 0 : SAMPLES * 3 / 4);
    }

    @Test
    void whatIsChangedAfterwardsIsNot() {
        int signed = 0;
        for (int i = 0; i < SAMPLES; i++) {
            ByteBuffer bytes = mutations.next(Method.ALLOCATE, Kind.BYTES, challenge);
            signed +=
                    decodedIfAny(bytes).filter(m -> m.verify(Integrity.SHA1, KEY)).isPresent()
                            ? 1
                            : 0;
        }

        assertThat(signed).isLessThan(SAMPLES / 20); // changes may undo each other
    }

    @Test
    void whatIsBehindTheIntegrityDoesNotBreakIt() {
        for (int i = 0; i < SAMPLES; i++) {
            StunMessage message = decoded(mutations.next(Method.ALLOCATE, Kind.BEHIND, challenge));

            assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
            assertThat(message.length()).isGreaterThan(92);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachKindHasBytesAndFitsIntoADatagram(Kind kind) {
        for (Method method : Method.values()) {
            for (int i = 0; i < SAMPLES; i++) {
                assertThat(mutations.next(method, kind, null).remaining()).isBetween(1, 8000);
                assertThat(mutations.next(method, kind, challenge).remaining()).isBetween(1, 8000);
            }
        }
    }

    @Test
    void peersThatASignedMessageNamesAreNobody() {
        for (Method method : Method.values()) {
            for (int i = 0; i < SAMPLES; i++) {
                decoded(mutations.next(method, Kind.ATTRIBUTES, challenge))
                        .findAll(Attributes.XOR_PEER_ADDRESS)
                        .forEach(peer -> assertThat(peer.getPort()).isIn(0, 9));
            }
        }
    }

    private static Challenge challenge() {
        StunMessage response =
                StunMessage.error(
                                Method.ALLOCATE, TransactionId.of(1, 2), ErrorCode.UNAUTHENTICATED)
                        .with(Attributes.REALM, "example.org")
                        .with(Attributes.NONCE, "nonce")
                        .build();
        return Challenge.read(response, new Credentials("alice", "secret"));
    }

    private static StunMessage decoded(ByteBuffer bytes) {
        return decodedIfAny(bytes).orElseThrow();
    }

    private static Optional<StunMessage> decodedIfAny(ByteBuffer bytes) {
        return StunDecoder.decode(bytes) instanceof Decoded.Message(StunMessage message)
                ? Optional.of(message)
                : Optional.empty();
    }
}
