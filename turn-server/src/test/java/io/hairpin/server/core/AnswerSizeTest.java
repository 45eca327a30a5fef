package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.TRANSACTION_TRANSMIT_COUNTER;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransmitCounter;

import org.junit.jupiter.api.Test;

import java.util.List;

/// RFC 8489 §6.1: what the server says by itself fits into the smallest packets there are, whatever
/// the path. Answers to attributes nobody knows are as long as their clients make them.
class AnswerSizeTest {

    /// Of the 576 bytes that every path over IPv4 carries, what IP and UDP leave.
    private static final int SMALLEST_PATH_BYTES = 548;

    private final TurnScript turn = mobile();
    private final ScriptClient alice = turn.client("alice").speaks(Dialect.SHA256);

    private static TurnScript mobile() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(1, new TestSeal());
        return setting.start();
    }

    @Test
    @Rfc("8489 §6.1")
    void theLongestSuccessFits() {
        StunMessage allocate =
                alice.allocate(
                        it ->
                                it.with(ADDITIONAL_ADDRESS_FAMILY, AddressFamily.IPV6.code())
                                        .with(MOBILITY_TICKET, new byte[0])
                                        .with(
                                                TRANSACTION_TRANSMIT_COUNTER,
                                                new TransmitCounter(1, 0)));
        turn.receives(alice, allocate).ignored();
        turn.relayOpens(1, "198.51.100.1:50000").ignored();

        List<Effect> effects = turn.relayFails(1, AddressFamily.IPV6).ignored();

        assertThat(((Effect.Send) effects.getLast()).message().length())
                .isLessThan(SMALLEST_PATH_BYTES);
    }

    @Test
    @Rfc("8489 §6.1")
    void aChallengeFits() {
        StunMessage bare = alice.unsigned(Method.ALLOCATE);

        List<Effect> effects = turn.receives(alice, bare).ignored();

        assertThat(((Effect.Reject) effects.getFirst()).message().length())
                .isLessThan(SMALLEST_PATH_BYTES);
    }
}
