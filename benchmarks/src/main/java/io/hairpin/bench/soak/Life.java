package io.hairpin.bench.soak;

import java.util.random.RandomGenerator;

/// What becomes of a client, and how often.
enum Life {
    /// Talks to a peer by a channel or by indications, refreshes, and takes its leave.
    CALL(38),
    /// The same, on an even port, and once more on the port that was kept for it.
    CALL_TWICE(6),
    /// Talks to a peer over TCP.
    CALL_BY_TCP(8),
    /// Talks, goes on from another port, takes its allocation along and talks on.
    MOVE(12),
    /// Talks, comes from another port all of a sudden, and begins anew.
    REBIND(8),
    /// Talks, and is never heard of again.
    VANISH(12),
    /// Has a wrong password.
    STRANGER(6),
    /// Sends what no server can make anything of.
    BROKEN(6),
    /// Asks and asks, and never reads an answer.
    DEAF(4);

    private final int weight;

    Life(int weight) {
        this.weight = weight;
    }

    /// Whether it means well, so that a server that does not serve it is at fault.
    boolean isProper() {
        return switch (this) {
            case CALL, CALL_TWICE, CALL_BY_TCP, MOVE, REBIND, VANISH -> true;
            case STRANGER, BROKEN, DEAF -> false;
        };
    }

    /// Whether it can be lived over that carrier.
    boolean isFor(Carrier carrier) {
        return switch (this) {
            case CALL_BY_TCP -> carrier.isStream();
            case DEAF -> carrier == Carrier.TCP;
            case CALL, CALL_TWICE, MOVE, REBIND, VANISH, STRANGER, BROKEN -> true;
        };
    }

    static Life drawnFrom(RandomGenerator random, Carrier carrier) {
        while (true) {
            int left = random.nextInt(100);
            for (Life life : values()) {
                left -= life.weight;
                if (left < 0 && life.isFor(carrier)) {
                    return life;
                }
                if (left < 0) {
                    break;
                }
            }
        }
    }
}
