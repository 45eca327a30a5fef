package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.TRANSACTION_TRANSMIT_COUNTER;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransmitCounter;

import org.junit.jupiter.api.Test;

/// RFC 7982: which transmission of a request an answer is for.
class TransmitCounterTest {

    private static final TransmitCounter THIRD = new TransmitCounter(3, 0);
    private static final TransmitCounter ANSWERED = new TransmitCounter(3, 1);

    private final TurnScript turn = TurnScript.start();

    @Test
    @Rfc("7982 §3.2")
    void theAnswerToABindingTellsWhichTransmissionItIsFor() {
        ScriptClient alice = turn.stranger("alice");
        StunMessage request =
                StunMessage.request(Method.BINDING, alice.nextTransaction())
                        .with(TRANSACTION_TRANSMIT_COUNTER, THIRD)
                        .build();

        turn.receives(alice, request)
                .expect(
                        Answer.success(alice.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .with(TRANSACTION_TRANSMIT_COUNTER, ANSWERED));
    }

    @Test
    @Rfc("7982 §3.2")
    void soDoesEverySuccessOfAnAuthenticatedRequestUnderItsIntegrity() {
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, "198.51.100.1:50000");
        StunMessage request =
                alice.request(
                        Method.REFRESH,
                        builder ->
                                builder.with(LIFETIME, 700L)
                                        .with(TRANSACTION_TRANSMIT_COUNTER, THIRD));

        turn.receives(alice, request)
                .expect(
                        alice.success(request)
                                .with(LIFETIME, 700L)
                                .with(TRANSACTION_TRANSMIT_COUNTER, ANSWERED));
    }

    @Test
    void anErrorDoesNotCount() {
        ScriptClient alice = turn.client("alice");
        StunMessage request =
                alice.request(
                        Method.REFRESH,
                        builder -> builder.with(TRANSACTION_TRANSMIT_COUNTER, THIRD));

        turn.receives(alice, request).expect(alice.error(request, ALLOCATION_MISMATCH));
    }
}
