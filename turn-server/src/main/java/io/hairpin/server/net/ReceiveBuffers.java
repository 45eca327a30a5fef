package io.hairpin.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/// Buffers that any datagram fits into, with room in front.
///
/// Netty reads to the start of a buffer, so it is given the part behind the headroom, and
/// [#withHeadroom] finds the whole again.
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {

    /// More than the longest datagram UDP can carry, with the padding of a STUN attribute.
    private static final int MAX_DATAGRAM_BYTES = (64 << 10) + 4;

    private static final int WHOLE_BYTES = DatagramHandler.HEADROOM + MAX_DATAGRAM_BYTES;

    /// The most datagrams read from one socket before the others get their turn.
    private static final int MAX_PER_READ = 32;

    ReceiveBuffers() {
        super(MAX_PER_READ);
    }

    /// The buffer around a received datagram; it shares the reference count of `datagram`.
    static ByteBuf withHeadroom(ByteBuf datagram) {
        ByteBuf whole = datagram.unwrap();
        if (whole == null || whole.capacity() != WHOLE_BYTES) {
            throw new IllegalStateException("not a buffer of ours: " + datagram);
        }
        int start = DatagramHandler.HEADROOM;
        return whole.setIndex(start, start + datagram.readableBytes());
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's interface names the type it has deprecated
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return MAX_DATAGRAM_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return allocator
                        .directBuffer(WHOLE_BYTES, WHOLE_BYTES)
                        .slice(DatagramHandler.HEADROOM, MAX_DATAGRAM_BYTES)
                        .clear();
            }
        };
    }
}
