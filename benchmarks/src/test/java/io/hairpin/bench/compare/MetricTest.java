package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void valuesAreShownInTheirUnitWithThreeDigitsOrSo() {
        assertThat(Metric.PACKETS_PER_SECOND.format(129_400)).isEqualTo("129");
        assertThat(Metric.CPU_PER_PACKET.format(8685.4)).isEqualTo("8685");
        assertThat(Metric.P50.format(42.04)).isEqualTo("42.0");
        assertThat(Metric.ADDED_MEMORY.format(2048)).isEqualTo("2.00");
        assertThat(Metric.IDLE_MEMORY.format(93 << 20)).isEqualTo("93.0");
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        assertThat(Metric.P50.format(Double.NaN)).isEqualTo("–");
    }
}
