package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class TransactionIdTest {
    @Test
    void randomIdsHaveTheMagicCookieAndComeFromTheGivenSource() {
        TransactionId id = TransactionId.random(new SplittableRandom(1));

        assertThat(id.cookie()).isEqualTo(0x2112A442);
        assertThat(id.isClassic()).isFalse();
        assertThat(id).isEqualTo(TransactionId.random(new SplittableRandom(1)));
        assertThat(id).isNotEqualTo(TransactionId.random(new SplittableRandom(2)));
    }

    @Test
    void theyReadAsOnTheWire() {
        assertThat(TransactionId.of(1, 2)).hasToString("000000010000000000000002");
        assertThat(new TransactionId(3, 1, 2)).hasToString("00000003000000010000000000000002");
    }
}
