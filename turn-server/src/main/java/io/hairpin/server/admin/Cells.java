package io.hairpin.server.admin;

import io.hairpin.server.core.CloseReason;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;

/// Where in the array of [ListenerCounters] each number lives.
final class Cells {
    /// Two cache lines, since processors fetch them in pairs: keeps what neighbours write, which
    /// may be another shard's, off the lines of this array.
    private static final int PADDING = 16;

    private static final int DIRECTIONS = Direction.values().length;
    private static final int METHODS = Method.values().length;
    private static final int CODES = ErrorCode.values().length;

    private static final int PACKETS = PADDING;
    private static final int BYTES = PACKETS + DIRECTIONS;
    private static final int OPENED = BYTES + DIRECTIONS;
    private static final int CLOSED = OPENED + 1;
    private static final int ARRIVED = CLOSED + CloseReason.values().length;
    private static final int LEFT = ARRIVED + 1;
    private static final int DROPPED = LEFT + 1;
    private static final int REFUSED = DROPPED + DropReason.values().length;
    private static final int REQUESTED = REFUSED + RefusalReason.values().length;
    private static final int ANSWERED = REQUESTED + METHODS;
    private static final int REJECTED = ANSWERED + METHODS;
    private static final int ICMP_TOLD = REJECTED + METHODS * CODES;

    static final int COUNT = ICMP_TOLD + 1 + PADDING;

    private Cells() {}

    static int packets(Direction direction) {
        return PACKETS + direction.ordinal();
    }

    static int bytes(Direction direction) {
        return BYTES + direction.ordinal();
    }

    static int opened() {
        return OPENED;
    }

    static int closed(CloseReason reason) {
        return CLOSED + reason.ordinal();
    }

    static int arrived() {
        return ARRIVED;
    }

    static int left() {
        return LEFT;
    }

    static int dropped(DropReason reason) {
        return DROPPED + reason.ordinal();
    }

    static int refused(RefusalReason reason) {
        return REFUSED + reason.ordinal();
    }

    static int requested(Method method) {
        return REQUESTED + method.ordinal();
    }

    static int answered(Method method) {
        return ANSWERED + method.ordinal();
    }

    static int rejected(Method method, ErrorCode code) {
        return REJECTED + method.ordinal() * CODES + code.ordinal();
    }

    static int icmpTold() {
        return ICMP_TOLD;
    }
}
