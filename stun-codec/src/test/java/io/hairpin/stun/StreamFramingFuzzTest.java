package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.nio.ByteBuffer;

/// Any stream is taken apart to its end, step by step, or given up.
class StreamFramingFuzzTest {
    @FuzzTest
    void everyStepAdvancesWithinTheStream(byte[] stream) {
        ByteBuffer buffer = ByteBuffer.wrap(stream);
        int offset = 0;
        int length = StreamFraming.frameLength(buffer, offset, stream.length);
        while (length > 0) {
            assertThat(length)
                    .isBetween(ChannelData.HEADER_BYTES, stream.length - offset)
                    .isLessThanOrEqualTo(StreamFraming.MAX_FRAME_BYTES);
            for (int available = 0; available < length; available++) {
                assertThat(StreamFraming.frameLength(buffer, offset, available))
                        .isEqualTo(StreamFraming.NEED_MORE);
            }
            switch (PacketKind.of(buffer.get(offset))) {
                case CHANNEL_DATA ->
                        assertThat(ChannelData.isWhole(buffer, offset, length)).isTrue();
                case STUN, DTLS, UNKNOWN ->
                        assertThat(StunDecoder.decode(buffer.slice(offset, length))).isNotNull();
            }
            offset += length;
            length = StreamFraming.frameLength(buffer, offset, stream.length - offset);
        }
        assertThat(length).isIn(StreamFraming.NEED_MORE, StreamFraming.INVALID);
    }
}
