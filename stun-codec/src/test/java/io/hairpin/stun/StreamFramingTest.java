package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class StreamFramingTest {
    @Test
    void aStunMessageIsAsLongAsItsHeaderSays() {
        ByteBuffer stream = ByteBuffer.allocate(64).put(1, Hex.bytes("0001 0008 2112a442"));

        assertThat(StreamFraming.frameLength(stream, 1, 63)).isEqualTo(28);
        assertThat(StreamFraming.frameLength(stream, 1, 28)).isEqualTo(28);
        assertThat(StreamFraming.frameLength(stream, 1, 27)).isEqualTo(StreamFraming.NEED_MORE);
    }

    /// RFC 8656 §12.5
    @Test
    void channelDataIsPadded() {
        ByteBuffer stream = ByteBuffer.wrap(Hex.bytes("4000 0005 01020304 05000000 4001"));

        assertThat(StreamFraming.frameLength(stream, 0, 14)).isEqualTo(12);
        assertThat(StreamFraming.frameLength(stream, 0, 12)).isEqualTo(12);
        assertThat(StreamFraming.frameLength(stream, 0, 11)).isEqualTo(StreamFraming.NEED_MORE);
        assertThat(StreamFraming.frameLength(stream, 0, 9)).isEqualTo(StreamFraming.NEED_MORE);
    }

    @Test
    void anEmptyChannelDataIsItsHeader() {
        ByteBuffer stream = ByteBuffer.wrap(Hex.bytes("7ffe 0000"));

        assertThat(StreamFraming.frameLength(stream, 0, 4)).isEqualTo(4);
    }

    @Test
    void fewerBytesThanTypeAndLengthNeedMore() {
        ByteBuffer stream = ByteBuffer.wrap(Hex.bytes("4000 0000"));

        for (int available = 0; available < 4; available++) {
            assertThat(StreamFraming.frameLength(stream, 0, available))
                    .isEqualTo(StreamFraming.NEED_MORE);
        }
    }

    @Test
    void otherFirstBitsAreInvalidFromTheFirstByteOn() {
        ByteBuffer stream = ByteBuffer.wrap(Hex.bytes("80 c0"));

        assertThat(StreamFraming.frameLength(stream, 0, 1)).isEqualTo(StreamFraming.INVALID);
        assertThat(StreamFraming.frameLength(stream, 1, 1)).isEqualTo(StreamFraming.INVALID);
    }

    @Test
    void aStunLengthThatIsNoMultipleOfFourIsInvalid() {
        ByteBuffer stream = ByteBuffer.wrap(Hex.bytes("0001 0006"));

        assertThat(StreamFraming.frameLength(stream, 0, 4)).isEqualTo(StreamFraming.INVALID);
    }

    @Test
    void noFrameIsLongerThanTheLimit() {
        ByteBuffer stream = ByteBuffer.allocate(70000);

        stream.putInt(0, 0x0001FFFC);
        assertThat(StreamFraming.frameLength(stream, 0, 70000))
                .isEqualTo(StreamFraming.MAX_FRAME_BYTES)
                .isEqualTo(65552);
        stream.putInt(0, 0x4000FFFF);
        assertThat(StreamFraming.frameLength(stream, 0, 70000)).isEqualTo(65540);
    }
}
