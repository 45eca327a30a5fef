package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SegmentationTest {

    private final Segmentation segmentation = new Segmentation(true);

    @Test
    void whatFitsIntoAFrameIsTried() {
        assertThat(segmentation.allows(Segmentation.MAX_SEGMENT_BYTES)).isTrue();
        assertThat(segmentation.allows(Segmentation.MAX_SEGMENT_BYTES + 1)).isFalse();
        assertThat(new Segmentation(false).allows(1)).isFalse();
    }

    @Test
    void whatWasTooLongIsNotTriedForAWhile() {
        segmentation.refused(1400, LinuxAbi.EMSGSIZE);

        assertThat(segmentation.allows(1399)).isTrue();
        assertThat(refusals(1400)).isEqualTo(Segmentation.PATIENCE);
        assertThat(segmentation.allows(1472)).isTrue();
    }

    @Test
    void whereTheDeviceCannotDoItNothingIsTriedForAWhile() {
        segmentation.refused(1400, LinuxAbi.EIO);

        assertThat(refusals(1)).isEqualTo(Segmentation.PATIENCE);
    }

    @Test
    void whatIsNeverTriedDoesNotBringTheNextTryCloser() {
        segmentation.refused(1400, LinuxAbi.EINVAL);
        for (int i = 0; i < 2 * Segmentation.PATIENCE; i++) {
            segmentation.allows(Segmentation.MAX_SEGMENT_BYTES + 1);
        }

        assertThat(segmentation.allows(1400)).isFalse();
    }

    private int refusals(int bytes) {
        int refusals = 0;
        while (!segmentation.allows(bytes)) {
            refusals++;
        }
        return refusals;
    }
}
