package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.TRANSACTION_TRANSMIT_COUNTER;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransmitCounter;

import org.junit.jupiter.api.Test;

/// RFC 7982: which transmission of a request an answer is for.
class TransmitCounterTest {

    private static final TransmitCounter THIRD = new TransmitCounter(3, 0);

    /// The server does not say how many answers there were.
    private static final TransmitCounter ANSWERED = new TransmitCounter(3, 0);

    private final TurnScript turn = TurnScript.start();

    @Test
    @Rfc("7982 §3.3")
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
    @Rfc("7982 §3.3")
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
    @Rfc("7982 §3.3")
    void soDoErrors() {
        ScriptClient alice = turn.client("alice");
        StunMessage refresh =
                alice.request(
                        Method.REFRESH,
                        builder -> builder.with(TRANSACTION_TRANSMIT_COUNTER, THIRD));
        StunMessage bare =
                StunMessage.request(Method.ALLOCATE, alice.nextTransaction())
                        .with(TRANSACTION_TRANSMIT_COUNTER, THIRD)
                        .build();

        turn.receives(alice, refresh)
                .expect(
                        alice.error(refresh, ALLOCATION_MISMATCH)
                                .with(TRANSACTION_TRANSMIT_COUNTER, ANSWERED));
        turn.receives(alice, bare)
                .expect(
                        alice.challenge(bare, UNAUTHENTICATED)
                                .with(TRANSACTION_TRANSMIT_COUNTER, ANSWERED));
    }

    /// The server counts nothing, whatever the client claims.
    @Test
    @Rfc("7982 §3.1")
    void theCountOfAnswersInARequestIsIgnored() {
        ScriptClient alice = turn.stranger("alice");
        StunMessage request =
                StunMessage.request(Method.BINDING, alice.nextTransaction())
                        .with(TRANSACTION_TRANSMIT_COUNTER, new TransmitCounter(3, 9))
                        .build();

        turn.receives(alice, request)
                .expect(
                        Answer.success(alice.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .with(TRANSACTION_TRANSMIT_COUNTER, ANSWERED));
    }
}
