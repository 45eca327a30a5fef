package io.hairpin.server.transport;

import io.hairpin.stun.StreamFraming;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.nio.ByteBuffer;
import java.util.List;

/// Cuts a stream into STUN messages and ChannelData (RFC 8656 §12.5), and closes it when it can
/// be neither: where frames begin is lost then for good.
final class FrameDecoder extends ByteToMessageDecoder {

    /// No request comes near this. It bounds what strangers can make us keep; those with an
    /// allocation may send as much as a frame can hold.
    private static final int MAX_BYTES_OF_STRANGERS = 8 << 10;

    private int maxFrameBytes = MAX_BYTES_OF_STRANGERS;
    private boolean lost;

    void trust(boolean hasAllocation) {
        maxFrameBytes = hasAllocation ? StreamFraming.MAX_FRAME_BYTES : MAX_BYTES_OF_STRANGERS;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int available = in.readableBytes();
        if (lost) {
            in.skipBytes(available); // closing may take a while, since TLS says goodbye
            return;
        }
        ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), available);
        int length = StreamFraming.frameLength(bytes, bytes.position(), available);
        if (length > 0) {
            out.add(in.readRetainedSlice(length));
        } else if (length == StreamFraming.INVALID || available > maxFrameBytes) {
            lost = true;
            in.skipBytes(available);
            context.close();
        }
    }
}
