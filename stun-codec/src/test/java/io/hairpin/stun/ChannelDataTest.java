package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class ChannelDataTest {
    @Test
    void theHeaderIsReadAndWrittenInPlace() {
        ByteBuffer buffer = ByteBuffer.allocate(9).put(8, (byte) 7);

        ChannelData.writeHeader(buffer, 4, 0x4FFF, 0xFFFE);

        assertThat(buffer.array()).isEqualTo(Hex.bytes("00000000 4fff fffe 07"));
        assertThat(ChannelData.channel(buffer, 4)).isEqualTo(0x4FFF);
        assertThat(ChannelData.length(buffer, 4)).isEqualTo(0xFFFE);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void aDatagramIsWholeIfItHoldsItsDataWithPaddingOrWithout() {
        ByteBuffer buffer = ByteBuffer.wrap(Hex.bytes("00 4000 0003 01020300"));

        assertThat(ChannelData.isWhole(buffer, 1, 8)).isTrue();
        assertThat(ChannelData.isWhole(buffer, 1, 7)).isTrue();
        assertThat(ChannelData.isWhole(buffer, 1, 6)).isFalse();
        for (int available = 0; available < 4; available++) {
            assertThat(ChannelData.isWhole(buffer, 1, available)).isFalse();
        }
    }

    @Test
    void streamsPadToMultiplesOfFour() {
        assertThat(ChannelData.paddedLength(0)).isZero();
        assertThat(ChannelData.paddedLength(1)).isEqualTo(4);
        assertThat(ChannelData.paddedLength(4)).isEqualTo(4);
        assertThat(ChannelData.paddedLength(0xFFFF)).isEqualTo(0x10000);
    }
}
