package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// Goes over the control messages that the kernel wrote beside a datagram.
final class ControlMessages {

    /// None.
    static final long ABSENT = -1;

    private ControlMessages() {}

    /// Whether a message begins at `at` that lies before `end` with all its data.
    static boolean isWhole(MemorySegment structs, long at, long end) {
        if (at + LinuxAbi.CMSG_DATA > end) {
            return false;
        }
        long length = structs.get(JAVA_LONG, at + LinuxAbi.CMSG_LEN);
        return length >= LinuxAbi.CMSG_DATA && length <= end - at;
    }

    /// Where the one behind a whole message would begin.
    static long next(MemorySegment structs, long at) {
        return at + LinuxAbi.aligned((int) structs.get(JAVA_LONG, at + LinuxAbi.CMSG_LEN));
    }

    /// Where the data is of the first message of that level and type that has at least so many
    /// bytes of it, or [#ABSENT].
    static long find(
            MemorySegment structs, long start, long end, int level, int type, int dataBytes) {
        for (long at = start; isWhole(structs, at, end); at = next(structs, at)) {
            if (structs.get(JAVA_INT, at + LinuxAbi.CMSG_LEVEL) == level
                    && structs.get(JAVA_INT, at + LinuxAbi.CMSG_TYPE) == type
                    && structs.get(JAVA_LONG, at + LinuxAbi.CMSG_LEN)
                            >= LinuxAbi.CMSG_DATA + dataBytes) {
                return at + LinuxAbi.CMSG_DATA;
            }
        }
        return ABSENT;
    }
}
