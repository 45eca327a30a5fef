package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(9, 1, 5)).isEqualTo(new Spread(5, 1, 9, 3));
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(4, 1, 9, 2)).isEqualTo(new Spread(3, 1, 9, 4));
    }

    @Test
    void whatWasNotMeasuredDoesNotCount() {
        assertThat(Spread.of(Double.NaN, 7)).isEqualTo(new Spread(7, 7, 7, 1));
    }

    @Test
    void ofNothingThereIsNoMedian() {
        assertThat(Spread.of().isEmpty()).isTrue();
        assertThat(Spread.of(Double.NaN).median()).isNaN();
    }
}
