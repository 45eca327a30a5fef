package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Wherever a stream is cut into pieces, the same frames come out of it.
class StreamFramingPropertyTest {
    @Property
    void cutsDoNotMatter(
            @ForAll("frames") List<byte[]> frames,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 200) Integer> pieces) {
        assertThat(reassemble(concatenation(frames), pieces))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(frames);
    }

    @Property
    void anyBytesHaveALengthWithinWhatIsThere(
            @ForAll byte[] bytes, @ForAll @IntRange(min = 0, max = 9) int offset) {
        int available = Math.max(0, bytes.length - offset);

        int length = StreamFraming.frameLength(ByteBuffer.wrap(bytes), offset, available);

        assertThat(length)
                .matches(
                        frame ->
                                frame == StreamFraming.NEED_MORE
                                        || frame == StreamFraming.INVALID
                                        || (frame >= 4 && frame <= available));
    }

    /// What a connection does: append a piece, take out all frames that are whole.
    private static List<byte[]> reassemble(byte[] stream, List<Integer> pieces) {
        List<byte[]> frames = new ArrayList<>();
        int start = 0;
        int end = 0;
        for (int i = 0; end < stream.length; i++) {
            end = Math.min(stream.length, end + pieces.get(i % pieces.size()));
            // A buffer that ends here shows any look beyond what has arrived.
            ByteBuffer arrived = ByteBuffer.wrap(Arrays.copyOf(stream, end));
            int length = StreamFraming.frameLength(arrived, start, end - start);
            while (length > 0) {
                frames.add(Arrays.copyOfRange(stream, start, start + length));
                start += length;
                length = StreamFraming.frameLength(arrived, start, end - start);
            }
            assertThat(length).isEqualTo(StreamFraming.NEED_MORE);
        }
        assertThat(start).isEqualTo(end);
        return frames;
    }

    private static byte[] concatenation(List<byte[]> frames) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frames.forEach(stream::writeBytes);
        return stream.toByteArray();
    }

    @Provide
    Arbitrary<List<byte[]>> frames() {
        Arbitrary<byte[]> messages = Samples.messages().map(StunMessage::toBytes);
        Arbitrary<byte[]> channelData =
                Combinators.combine(
                                Arbitraries.integers().between(0x4000, 0x7FFE),
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(150))
                        .as(StreamFramingPropertyTest::channelData);
        return Arbitraries.oneOf(messages, channelData)
                .list()
                .ofMaxSize(12)
                .edgeCases(EdgeCases.Config::none);
    }

    private static byte[] channelData(int channel, byte[] data) {
        ByteBuffer frame =
                ByteBuffer.allocate(
                        ChannelData.HEADER_BYTES + ChannelData.paddedLength(data.length));
        ChannelData.writeHeader(frame, 0, channel, data.length);
        return frame.put(ChannelData.HEADER_BYTES, data).array();
    }
}
