package io.hairpin.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class ResidentMemoryTest {
    @Test
    void itIsReadAsTheKernelWritesIt() {
        List<String> status =
                List.of("Name:\tjava", "VmRSS:\t   95232 kB", "RssAnon:\t   60000 kB");

        assertThat(ResidentMemory.parse(status))
                .isEqualTo(new ResidentMemory(95_232 * 1024L, 60_000 * 1024L));
    }

    @Test
    void aProcessWithoutMemoryIsGone() {
        assertThatThrownBy(() -> ResidentMemory.parse(List.of("State:\tZ (zombie)")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
