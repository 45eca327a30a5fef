package io.hairpin.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void idleTimeAndWaitingAreNoWork() {
        assertThat(Environment.ticks("cpu  10 1 20 300 5 2 3 4 0 0")).containsExactly(40, 345);
    }
}
