package io.hairpin.client.load;

/// Says how many bursts are due. Those of all senders are spread evenly over time, and the senders
/// take turns.
final class Pacer {

    /// What is later than that is left out: to send it after a pause would be a flood of its own.
    private static final long MAX_LATE_NANOS = 5_000_000;

    private static final long MIN_TICK_NANOS = 20_000;
    private static final long MAX_TICK_NANOS = 1_000_000;

    private final double spacingNanos;
    private final long startNanos;
    private final int senders;
    private final long maxBacklog;
    private long taken;
    private long missed;
    private int next;

    /// @param perSecond bursts of each sender
    Pacer(double perSecond, int senders, long startNanos) {
        this.spacingNanos = 1e9 / perSecond / senders;
        this.senders = senders;
        this.startNanos = startNanos;
        this.maxBacklog = Math.max(1, (long) (MAX_LATE_NANOS / spacingNanos));
    }

    /// How often to look for what is due.
    long tickNanos() {
        return Math.clamp((long) spacingNanos, MIN_TICK_NANOS, MAX_TICK_NANOS);
    }

    /// The bursts that are to be sent now, each by [#next()].
    int due(long nowNanos) {
        if (nowNanos - startNanos < 0) {
            return 0;
        }
        long due = (long) ((nowNanos - startNanos) / spacingNanos) + 1 - taken;
        long late = due - maxBacklog;
        if (late > 0) {
            missed += late;
            taken += late;
            next = (int) ((next + late) % senders);
            due = maxBacklog;
        }
        taken += due;
        return (int) due;
    }

    /// Whose turn it is.
    int next() {
        int sender = next;
        next = sender + 1 == senders ? 0 : sender + 1;
        return sender;
    }

    /// The bursts that were left out.
    long missed() {
        return missed;
    }
}
