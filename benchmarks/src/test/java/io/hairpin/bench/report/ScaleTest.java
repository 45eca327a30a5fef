package io.hairpin.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void aLinearScaleBeginsAtZeroAndEndsAtItsHighestValue() {
        Scale scale = Scale.linear(8000, 200);

        assertThat(scale.at(0)).isZero();
        assertThat(scale.at(2000)).isEqualTo(50);
        assertThat(scale.at(8000)).isEqualTo(200);
    }

    @Test
    void aLinearScaleIsMarkedAtRoundValues() {
        assertThat(Scale.linear(8685, 200).ticks())
                .containsExactly(0.0, 2000.0, 4000.0, 6000.0, 8000.0);
        assertThat(Scale.linear(1_339_000, 200).ticks())
                .containsExactly(0.0, 500_000.0, 1_000_000.0);
    }

    @Test
    void aLogarithmicScaleGoesFromOnePowerOfTenToAnother() {
        Scale scale = Scale.logarithmic(34, 2600, 300);

        assertThat(scale.ticks()).containsExactly(10.0, 100.0, 1000.0, 10_000.0);
        assertThat(scale.at(10)).isZero();
        assertThat(scale.at(100)).isEqualTo(100, within(1e-9));
        assertThat(scale.at(10_000)).isEqualTo(300, within(1e-9));
    }

    @Test
    void aValueBeyondTheScaleStaysOnTheChart() {
        assertThat(Scale.linear(10, 100).at(11)).isEqualTo(100);
        assertThat(Scale.logarithmic(10, 100, 100).at(1)).isZero();
    }

    @Test
    void withoutValuesThereIsAScaleAllTheSame() {
        assertThat(Scale.linear(0, 100).ticks()).isNotEmpty();
        assertThat(Scale.logarithmic(Double.MAX_VALUE, 0, 100).ticks()).containsExactly(1.0, 10.0);
        assertThat(Scale.logarithmic(100, 100, 100).ticks()).containsExactly(100.0, 1000.0);
    }
}
