package io.hairpin.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class VitalsTest {
    @Test
    void theHeapIsWhatTheLastCollectionLeft() {
        List<String> log =
                List.of(
                        "[0.004s][info][gc] Using Serial",
                        "[1.2s][info][gc] GC(0) Pause Young (Allocation Failure) 6M->2M(23M) 2.6ms",
                        "[1.9s][info][gc] GC(1) Pause Full (Diagnostic Command) 7M->3M(23M) 9.1ms");

        assertThat(Vitals.heapBytes(log)).isEqualTo(3 << 20);
    }

    @Test
    void beforeTheFirstCollectionThereIsNothingToTell() {
        assertThat(Vitals.heapBytes(List.of("[0.004s][info][gc] Using Serial"))).isZero();
    }
}
