package io.hairpin.client.load;

/// What kept more packets from being relayed.
public enum Bottleneck {
    /// The server had no more to give, or lost what it was sent.
    SERVER,
    /// This program, so the figures say little about the server.
    GENERATOR,
    /// The rate that was asked for, and kept.
    RATE;

    /// A thread that has less than that is waiting now and then.
    private static final double BUSY_PERCENT = 95;

    /// More than that of what was asked for is missed by a generator that is too slow.
    private static final double TOLERATED = 0.01;

    /// @param serverIsKnown whether `serverPercent` is
    /// @param serverPercent the use of CPUs the server could have used all of
    /// @param generatorPercent the use of a CPU by the busiest event loop
    static Bottleneck ofClosedLoop(
            boolean serverIsKnown, double serverPercent, double generatorPercent) {
        if (!serverIsKnown) {
            return generatorPercent >= BUSY_PERCENT ? GENERATOR : SERVER;
        }
        return serverPercent >= BUSY_PERCENT ? SERVER : GENERATOR;
    }

    /// @param sent within the measuring window
    /// @param missed or refused by the generator's own sockets, within it
    static Bottleneck ofOpenLoop(long sent, long missed, long lost) {
        if (missed > TOLERATED * (sent + missed)) {
            return GENERATOR;
        }
        return lost > TOLERATED * sent ? SERVER : RATE;
    }
}
