package io.hairpin.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The memory that the datagrams of one event loop lie in: slots to receive into, headers for
/// what has none of its own in front, and copies of what came from elsewhere. Only what was used
/// once is resident.
final class PacketArena implements AutoCloseable {

    /// How many datagrams, or runs of them that arrive as one, can be received before what became
    /// of them has to be sent.
    static final int SLOTS = 128;

    /// How many datagrams wait to be sent at most, those of runs counted one by one: so many that
    /// few runs are cut in two.
    static final int MAX_GATHERED = 1024;

    /// No datagram and no run of them is longer.
    static final int MAX_RECEIVED_BYTES = 1 << 16;

    /// How many headers there are.
    static final int HEADERS = MAX_GATHERED;

    private static final int CACHE_LINE_BYTES = 64;

    /// The distance from slot to slot. Were it a multiple of the page size, the beginnings of all
    /// slots, which is all that most datagrams use, would compete for a few sets of the caches; an
    /// odd number of lines more spreads them over all sets.
    private static final int SLOT_BYTES = MAX_RECEIVED_BYTES + 5 * CACHE_LINE_BYTES;

    private static final int HEADERS_AT = SLOTS * SLOT_BYTES;
    private static final int ZEROS_AT = HEADERS_AT + HEADERS * DatagramHandler.HEADROOM;
    private static final int COPIES_AT = ZEROS_AT + CACHE_LINE_BYTES;

    /// Room for a few of the longest datagrams.
    static final int COPIES_BYTES = 4 * MAX_RECEIVED_BYTES;

    private static final int WHOLE_BYTES = COPIES_AT + COPIES_BYTES;

    private final Arena arena = Arena.ofShared();
    private final long address;
    private final ByteBuffer bytes;

    @SuppressWarnings("restricted") // the mapping is as long as the segment says
    PacketArena() {
        address = SystemCalls.mapLazily(WHOLE_BYTES);
        if (address == -1) {
            arena.close();
            throw new OutOfMemoryError("no memory to receive datagrams in");
        }
        bytes =
                MemorySegment.ofAddress(address)
                        .reinterpret(WHOLE_BYTES, arena, PacketArena::unmap)
                        .asByteBuffer();
    }

    private static void unmap(MemorySegment whole) {
        if (SystemCalls.unmap(whole.address(), WHOLE_BYTES) != 0) {
            throw new IllegalStateException("mapped memory could not be unmapped");
        }
    }

    /// All of it.
    ByteBuffer bytes() {
        return bytes;
    }

    /// Whether those are the bytes of this arena.
    @SuppressWarnings("ReferenceEquality") // equal buffers would be other memory
    boolean holds(ByteBuffer buffer) {
        return buffer == bytes;
    }

    /// Where that offset into [#bytes] is in memory.
    long address(int offset) {
        return address + offset;
    }

    /// Where a slot's datagram begins, behind the headroom.
    static int slot(int number) {
        return number * SLOT_BYTES + DatagramHandler.HEADROOM;
    }

    /// Where a header has to end.
    static int headEnd(int number) {
        return HEADERS_AT + (number + 1) * DatagramHandler.HEADROOM;
    }

    /// Zeros to pad with.
    static int zeros() {
        return ZEROS_AT;
    }

    /// Where [#COPIES_BYTES] of room for copies begin.
    static int copies() {
        return COPIES_AT;
    }

    /// Nothing else may use the memory from now on.
    @Override
    public void close() {
        arena.close();
    }
}
