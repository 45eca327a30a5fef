package io.hairpin.server.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The time of day as a simulated server sees it, which may be set wrong and right again. It has
/// nothing to do with the time that passes in a [Simulation], which nobody can set.
final class VirtualClock implements InstantSource {

    private static final Instant EPOCH = Instant.parse("2027-01-15T08:00:00Z");

    private final Simulation simulation;
    private Duration error = Duration.ZERO;

    VirtualClock(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public Instant instant() {
        return everybodyElse().plus(error);
    }

    /// The time of day as those see it who issue credentials.
    Instant everybodyElse() {
        return EPOCH.plusNanos(simulation.now());
    }

    /// Has the server be wrong by so much from now on.
    void set(Duration error) {
        this.error = error;
    }
}
