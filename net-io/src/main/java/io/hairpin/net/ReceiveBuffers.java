package io.hairpin.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// The buffers that one event loop receives datagrams in: any datagram fits, there is room in
/// front, and they are used again and again. Not thread-safe.
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator implements AutoCloseable {

    /// More than the longest datagram UDP can carry, with the padding of a STUN attribute.
    private static final int MAX_DATAGRAM_BYTES = (64 << 10) + 4;

    private static final int WHOLE_BYTES = DatagramHandler.HEADROOM + MAX_DATAGRAM_BYTES;

    /// The most datagrams read from one socket before the others get their turn.
    private static final int MAX_PER_READ = 32;

    /// The most datagrams held back in a turn, each in a buffer of its own.
    static final int MAX_GATHERED = 256;

    /// The most buffers kept for later: a few more than one turn of the loop can fill.
    private static final int MAX_FREE = MAX_GATHERED + MAX_PER_READ;

    private final Deque<Whole> free = new ArrayDeque<>();
    private boolean closed;

    ReceiveBuffers() {
        super(MAX_PER_READ);
    }

    /// The buffer around a received datagram; it shares the reference count of `datagram`.
    static ByteBuf withHeadroom(ByteBuf datagram) {
        ByteBuf outer = datagram;
        while (!(outer instanceof Whole)) {
            outer = unwrapped(outer);
        }
        int start = DatagramHandler.HEADROOM;
        return outer.setIndex(start, start + datagram.readableBytes());
    }

    /// Whether that is a buffer of ours rather than one that somebody else filled.
    static boolean hasHeadroom(ByteBuf buffer) {
        return buffer instanceof Whole;
    }

    private static ByteBuf unwrapped(ByteBuf slice) {
        @Nullable ByteBuf outer = slice.unwrap();
        if (outer == null) {
            throw new IllegalArgumentException("not received in a buffer of ours: " + slice);
        }
        return outer;
    }

    /// Frees the memory; buffers still in use are freed when they are released.
    @Override
    public void close() {
        closed = true;
        for (Whole next = free.poll(); next != null; next = free.poll()) {
            next.release();
        }
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
                Whole whole = free.poll();
                return (whole == null ? new Whole() : whole).behindHeadroom.clear();
            }
        };
    }

    /// Netty reads to the start of a buffer, so it is given only what lies behind the headroom.
    private final class Whole extends UnpooledDirectByteBuf {

        private final ByteBuf behindHeadroom;

        Whole() {
            super(UnpooledByteBufAllocator.DEFAULT, WHOLE_BYTES, WHOLE_BYTES);
            behindHeadroom = slice(DatagramHandler.HEADROOM, MAX_DATAGRAM_BYTES);
        }

        @Override
        protected void deallocate() {
            if (closed || free.size() >= MAX_FREE) {
                super.deallocate();
            } else {
                resetRefCnt();
                free.push(this);
            }
        }
    }
}
