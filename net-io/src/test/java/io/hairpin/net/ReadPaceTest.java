package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadPaceTest {

    private final ReadPace pace = new ReadPace();
    private int turn = 1000;

    @Test
    void aSocketThatIsReadyNowAndThenIsReadOneByOne() {
        for (int i = 0; i < 100; i++) {
            turn += 2;
            assertThat(pace.expectsMore(turn)).isFalse();
        }
    }

    @Test
    void aSocketThatIsReadyAgainIsReadInBatchesWhileTheyFindMuch() {
        assertThat(pace.expectsMore(++turn)).isFalse();
        assertThat(pace.expectsMore(++turn)).isTrue();
        pace.foundInBatch(2);
        assertThat(pace.expectsMore(turn += 50)).isTrue();
        pace.foundInBatch(1);
        assertThat(pace.expectsMore(turn += 50)).isFalse();
    }

    @Test
    void batchesInVainBecomeRare() {
        int batches = 0;
        for (int i = 0; i < 1600; i++) {
            if (pace.expectsMore(++turn)) {
                batches++;
                pace.foundInBatch(1);
            }
        }

        assertThat(batches).isBetween(90, 110);
    }

    @Test
    void aCallThatFailsIsABatchInVain() {
        pace.expectsMore(++turn);
        pace.expectsMore(++turn);
        pace.foundInBatch(-1);

        assertThat(pace.expectsMore(++turn)).isFalse();
    }

    @Test
    void theNumberOfTheTurnMayRunOver() {
        assertThat(pace.expectsMore(Integer.MAX_VALUE)).isFalse();
        assertThat(pace.expectsMore(Integer.MIN_VALUE)).isTrue();
    }
}
