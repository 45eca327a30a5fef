package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Results results = SampleResults.of();

    @Test
    void serversAndShapesAreThoseThatWereMeasuredInTheOrderTheyAreShown() {
        assertThat(results.servers()).containsExactly("coturn", "limit", "hairpin");
        assertThat(results.shapes()).containsExactly(Shape.A, Shape.MAX, Shape.START);
        assertThat(results.turns()).isEqualTo(3);
    }

    @Test
    void aRatioIsOneMedianDividedByTheOther() {
        assertThat(results.ratio("hairpin", "coturn", Shape.A, Metric.CPU_PER_PACKET))
                .isEqualTo(0.625);
        assertThat(results.ratio("hairpin", "limit", Shape.A, Metric.CPU_PER_PACKET))
                .isEqualTo(1.25);
    }

    @Test
    void withoutOneOfTheTwoThereIsNoRatio() {
        assertThat(results.ratio("hairpin", "coturn", Shape.START, Metric.FIRST_ANSWER)).isNaN();
    }

    @Test
    void oneTurnInWhichTheGeneratorWasTooSlowIsEnough() {
        assertThat(results.generatorKeptUp("limit", Shape.MAX)).isTrue();
        assertThat(results.generatorKeptUp("hairpin", Shape.MAX)).isFalse();
        assertThat(results.generatorKeptUp("hairpin", Shape.A)).isTrue();
    }
}
