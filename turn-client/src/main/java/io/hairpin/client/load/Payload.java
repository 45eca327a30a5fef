package io.hairpin.client.load;

import java.nio.ByteBuffer;

/// What the packets of a run carry: when each was sent and which one it is, then filler.
///
/// ```
///  0      8         16      20   24
///  | sent | sequence | client | run | zeros …
/// ```
/// Offsets are absolute, buffers big-endian.
final class Payload {

    /// The shortest payload.
    static final int MIN_BYTES = 24;

    /// What fits into a UDP datagram with the longest header a server or client puts before it.
    static final int MAX_BYTES = 65_400;

    private Payload() {}

    static void write(
            ByteBuffer bytes, int offset, long sentNanos, long sequence, int client, int run) {
        bytes.putLong(offset, sentNanos);
        bytes.putLong(offset + 8, sequence);
        bytes.putInt(offset + 16, client);
        bytes.putInt(offset + 20, run);
    }

    /// Whether so many bytes are a payload of this run.
    static boolean isOf(int run, ByteBuffer bytes, int offset, int length) {
        return length >= MIN_BYTES && bytes.getInt(offset + 20) == run;
    }

    static long sentNanos(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset);
    }

    static long sequence(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 8);
    }

    static int client(ByteBuffer bytes, int offset) {
        return bytes.getInt(offset + 16);
    }
}
