package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldGenerationTest {

    private static final long MEBIBYTE = 1 << 20;

    @Test
    void itIsCollectedOnceItHasDoubled() {
        assertThat(OldGeneration.threshold(40 * MEBIBYTE, 500 * MEBIBYTE)).isEqualTo(80 * MEBIBYTE);
    }

    @Test
    void aSmallOneIsLeftAlone() {
        assertThat(OldGeneration.threshold(3 * MEBIBYTE, 500 * MEBIBYTE)).isEqualTo(24 * MEBIBYTE);
    }

    @Test
    void itCannotBecomeLargerThanTheHeapMayBe() {
        assertThat(OldGeneration.threshold(40 * MEBIBYTE, 60 * MEBIBYTE)).isEqualTo(60 * MEBIBYTE);
        assertThat(OldGeneration.threshold(40 * MEBIBYTE, -1)).isEqualTo(80 * MEBIBYTE);
    }
}
