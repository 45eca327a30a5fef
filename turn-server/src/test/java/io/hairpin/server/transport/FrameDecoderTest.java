package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class FrameDecoderTest {

    /// A STUN header that announces no attributes, and ChannelData of five bytes with its padding.
    private static final byte[] MESSAGE = new byte[20];

    private static final byte[] CHANNEL_DATA = {0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0};

    @Property
    void framesAreFoundHoweverTheStreamIsCut(
            @ForAll @Size(min = 1, max = 20) List<Boolean> kinds,
            @ForAll @IntRange(min = 1, max = 50) int piece) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        ByteBuf stream = Unpooled.buffer();
        kinds.forEach(isMessage -> stream.writeBytes(isMessage ? MESSAGE : CHANNEL_DATA));

        while (stream.isReadable()) {
            channel.writeInbound(stream.readBytes(Math.min(piece, stream.readableBytes())));
        }

        assertThat(frames(channel))
                .containsExactlyElementsOf(
                        kinds.stream()
                                .map(isMessage -> isMessage ? MESSAGE : CHANNEL_DATA)
                                .toList());
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void framesBeforeTheGarbageCountAndNothingAfter() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());

        channel.writeInbound(
                Unpooled.wrappedBuffer(MESSAGE, new byte[] {(byte) 0x80, 0, 0, 0}, MESSAGE));

        assertThat(frames(channel)).containsExactly(MESSAGE);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoHasAnAllocationMaySendLongFrames() {
        FrameDecoder decoder = new FrameDecoder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        decoder.trust(true);
        byte[] longest = new byte[4 + 0x10000];
        longest[0] = 0x4F;
        longest[2] = (byte) 0xFF;
        longest[3] = (byte) 0xFD;

        channel.writeInbound(Unpooled.wrappedBuffer(longest, 0, 60_000));
        channel.writeInbound(Unpooled.wrappedBuffer(longest, 60_000, longest.length - 60_000));

        assertThat(frames(channel)).containsExactly(longest);
    }

    @Test
    void strangersMayNot() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        byte[] begun = new byte[9000];
        begun[0] = 0x40;
        begun[2] = (byte) 0xFF;

        channel.writeInbound(Unpooled.wrappedBuffer(begun));

        assertThat(channel.isOpen()).isFalse();
    }

    private static List<byte[]> frames(EmbeddedChannel channel) {
        List<byte[]> frames = new ArrayList<>();
        while (!channel.inboundMessages().isEmpty()) {
            ByteBuf frame = Objects.requireNonNull(channel.readInbound());
            frames.add(ByteBufUtil.getBytes(frame));
            frame.release();
        }
        return frames;
    }
}
