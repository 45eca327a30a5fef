package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {
    @Test
    void lessCpuIsBetterAndMorePacketsAre() {
        assertThat(Goal.CPU_A.isMet(0.80, 0.80)).isTrue();
        assertThat(Goal.CPU_A.isMet(0.81, 0.80)).isFalse();
        assertThat(Goal.RATE_MAX.isMet(1.75, 1.75)).isTrue();
        assertThat(Goal.RATE_MAX.isMet(1.74, 1.75)).isFalse();
    }

    @Test
    void someGoalsAreAgainstCoturnAlone() {
        assertThat(Goal.MEMORY.against(ServerKind.COTURN)).hasValue(0.10);
        assertThat(Goal.MEMORY.against(ServerKind.LIMIT)).isEmpty();
        assertThat(Goal.IDLE.against(ServerKind.COTURN)).isEmpty();
    }

    @Test
    void overTlsAndDtlsAsMuchIsEnough() {
        assertThat(Goal.RATE_TLS.against(ServerKind.COTURN)).hasValue(1);
        assertThat(Goal.RATE_DTLS.against(ServerKind.COTURN)).hasValue(1);
        assertThat(Goal.RATE_DTLS.against(ServerKind.LIMIT)).isEmpty();
    }

    @Test
    void aGoalSaysWhichSideOfItIsGood() {
        assertThat(Goal.RATE_MAX.format(1.75)).isEqualTo("≥ 1.75");
        assertThat(Goal.CPU_MAXB_GSO.format(0.2)).isEqualTo("≤ 0.20");
    }
}
