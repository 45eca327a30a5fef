package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// No bytes make the core throw, answer twice, or keep what it should not.
class CoreFuzzTest {

    /// The most that an answer to somebody unknown is longer than what it answers: realm, nonce and
    /// password algorithms. What a request says of itself may be repeated.
    private static final int MAX_ADDED_BYTES = 160;

    static Stream<byte[]> requests() {
        SplittableRandom random = new SplittableRandom(1);
        return Arrays.stream(Method.values())
                .map(method -> StunMessage.request(method, TransactionId.random(random)))
                .flatMap(
                        builder ->
                                Stream.of(
                                        builder.build(),
                                        builder.with(REQUESTED_TRANSPORT, 17).build(),
                                        builder.with(AttributeType.of(0x7FFF), new byte[1]).build(),
                                        builder.fingerprint().build()))
                .map(StunMessage::toBytes);
    }

    /// Whoever cannot sign gets one answer at most, which is short and goes to nobody else, and
    /// leaves nothing behind.
    @MethodSource("requests")
    @FuzzTest
    void beforeAuthentication(byte[] datagram) {
        if (!(StunDecoder.decode(ByteBuffer.wrap(datagram))
                instanceof Decoded.Message(StunMessage message))) {
            return;
        }
        FuzzedServer server = new FuzzedServer();

        List<Effect> effects = server.receives(message);

        assertThat(effects).hasSize(1);
        assertThat(answerBytes(effects.getFirst()) - message.length())
                .isLessThanOrEqualTo(MAX_ADDED_BYTES);
        assertThat(server.leftovers()).isEmpty();
    }

    /// Whom it goes to is for the ledger to say.
    private static int answerBytes(Effect effect) {
        return switch (effect) {
            case Effect.Send(_, var message) -> message.length();
            case Effect.SendElsewhere(_, _, var message) -> message.length();
            case Effect.Reject(_, var message, _, _) -> message.length();
            case Effect.Drop _ -> 0;
            case Effect.Indicate _,
                    Effect.LookUpCredentials _,
                    Effect.OpenRelay _,
                    Effect.CloseRelay _,
                    Effect.ReleasePort _,
                    Effect.AllocationOpened _,
                    Effect.AllocationClosed _,
                    Effect.Tcp _,
                    Effect.OfMobility _ ->
                    throw new AssertionError("for somebody who is not known: " + effect);
        };
    }

    /// The bytes are a script for clients that know their passwords; [FuzzedServer#play] reads it.
    @FuzzTest
    void afterAuthentication(byte[] script) {
        FuzzedServer server = new FuzzedServer();

        server.play(ByteBuffer.wrap(script));

        server.waitUntilAllIsOver();
        assertThat(server.leftovers()).isEmpty();
    }
}
