package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AwakeClockTest {

    private long now = 1000;
    private final AwakeClock clock = new AwakeClock(() -> now, 100);

    @Test
    void timeIsCountedThatPassesStepByStep() {
        now += 30;
        clock.advance();
        now += 100;
        clock.advance();

        assertThat(clock.nanos()).isEqualTo(130);
    }

    @Test
    void aLongSleepCountsAsOneStep() {
        now += 1_000_000;
        clock.advance();
        now += 1;
        clock.advance();

        assertThat(clock.nanos()).isEqualTo(101);
    }
}
