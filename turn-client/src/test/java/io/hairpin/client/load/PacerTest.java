package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class PacerTest {

    /// Near the end of the range, where clocks may start too.
    private static final long START = Long.valueOf(Long.MAX_VALUE - 1_000);
    private static final long MILLI = 1_000_000;

    @Test
    void nothingIsDueBeforeTheStart() {
        assertThat(new Pacer(50, 10, START).due(START - 1)).isZero();
    }

    @Test
    void sendersAreSpreadEvenlyAndTakeTurns() {
        Pacer pacer = new Pacer(50, 10, START); // one of ten every 2 ms

        assertThat(pacer.due(START)).isEqualTo(1);
        assertThat(pacer.next()).isZero();
        assertThat(pacer.due(START + MILLI)).isZero();
        assertThat(pacer.due(START + 2 * MILLI)).isEqualTo(1);
        assertThat(pacer.next()).isEqualTo(1);
        assertThat(pacer.due(START + 6 * MILLI)).isEqualTo(2);
        assertThat(IntStream.range(0, 10).map(_ -> pacer.next()))
                .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 0, 1);
    }

    @Test
    void theRateHoldsInTheLongRun() {
        Pacer pacer = new Pacer(300, 7, START);
        long sent = 0;

        for (int tick = 0; tick < 10_000; tick++) {
            sent += pacer.due(START + tick * MILLI);
        }

        assertThat(sent).isBetween(20_998L, 21_000L);
        assertThat(pacer.missed()).isZero();
    }

    @Test
    void whatIsTooLateIsLeftOutAndTheOthersKeepTheirTurn() {
        Pacer pacer = new Pacer(1000, 10, START); // one of ten every 0.1 ms
        pacer.due(START);
        pacer.next();

        int due = pacer.due(START + 20 * MILLI);

        assertThat(due).isEqualTo(50);
        assertThat(pacer.missed()).isEqualTo(150);
        assertThat(pacer.next()).isEqualTo(1);
        assertThat(pacer.due(START + 20 * MILLI)).isZero();
    }

    @Test
    void aSlowSenderIsNotTooLate() {
        Pacer pacer = new Pacer(1, 1, START);
        pacer.due(START);

        assertThat(pacer.due(START + 1000 * MILLI + 7 * MILLI)).isEqualTo(1);
        assertThat(pacer.missed()).isZero();
    }

    @Test
    void itLooksAsOftenAsSomethingIsDueWithinReason() {
        assertThat(new Pacer(50, 1000, START).tickNanos()).isEqualTo(20_000);
        assertThat(new Pacer(50, 100_000, START).tickNanos()).isEqualTo(20_000);
        assertThat(new Pacer(100, 50, START).tickNanos()).isEqualTo(200_000);
        assertThat(new Pacer(1, 1, START).tickNanos()).isEqualTo(MILLI);
    }
}
