package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

class GcmTicketSealTest {

    private final TicketSeal seal = new GcmTicketSeal(new SecureRandom());

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void aTicketSaysWhatItWasMadeToSay(long number) {
        assertThat(seal.open(seal.seal(number))).hasValue(number);
    }

    @Test
    void noTwoTicketsAreTheSame() {
        Set<String> tickets = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            tickets.add(HexFormat.of().formatHex(seal.seal(7)));
        }

        assertThat(tickets).hasSize(1000);
    }

    @Test
    void aTicketHasRoomInACStringOfThirtyThreeBytes() {
        for (int i = 0; i < 1000; i++) {
            assertThat(seal.seal(i)).hasSize(32).doesNotContain(0);
        }
    }

    @Test
    void aTicketOfWhichOneBitWasChangedIsNone() {
        byte[] ticket = seal.seal(7);
        for (int bit = 0; bit < ticket.length * 8; bit++) {
            byte[] forged = ticket.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThat(seal.open(forged)).isEmpty();
        }
    }

    @Test
    void ticketsOfAnotherServerAreNone() {
        assertThat(new GcmTicketSeal(new SecureRandom()).open(seal.seal(7))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 500})
    void bytesOfAnotherLengthAreNone(int length) {
        assertThat(seal.open(new byte[length])).isEmpty();
    }
}
