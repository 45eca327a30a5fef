package io.hairpin.bench.soak;

import java.time.Duration;

/// What is to happen in one run.
///
/// @param duration how long clients keep coming
/// @param rate clients that come in each second
/// @param clients the most there are at once
/// @param stay the longest that one stays
/// @param lifetime of what nobody refreshes
/// @param interval between samples
/// @param seed of all chance
record SoakPlan(
        Duration duration,
        double rate,
        int clients,
        Duration stay,
        Duration lifetime,
        Duration interval,
        long seed) {

    private static final double HIGHEST_RATE = 10_000;

    SoakPlan {
        require(rate > 0 && rate <= HIGHEST_RATE, "--rate is not between 0 and 10000");
        require(clients >= 1, "--clients is below 1");
        require(lifetime.toSeconds() >= 1, "--lifetime is below 1s");
        require(stay.toMillis() >= 100, "--stay is below 100 ms");
        require(interval.compareTo(duration) <= 0, "--sample is above --duration");
    }

    /// How long what is left behind may take to go by itself, with room for a busy machine.
    Duration patience() {
        return stay.plus(lifetime.multipliedBy(4)).plusSeconds(60);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
