package io.hairpin.server.core;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What befalls a world as a whole, now and then: the machine stands still, its clock is set, a
/// peer is gone for a while.
final class Upheavals {

    private static final int MOST = 16;
    private static final long SHORT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LONG_NANOS = Duration.ofHours(2).toNanos();

    private final Simulation simulation;
    private final VirtualClock clock;
    private final List<SimulatedPeer> peers;
    private final Duration duration;
    private final Tally tally;
    private final RandomGenerator random;

    /// @param duration of all that happens
    Upheavals(
            Simulation simulation,
            VirtualClock clock,
            List<SimulatedPeer> peers,
            Duration duration,
            Tally tally) {
        this.simulation = simulation;
        this.clock = clock;
        this.peers = peers;
        this.duration = duration;
        this.tally = tally;
        random = simulation.randomness();
    }

    /// Has them come at their times; in every third world there are none.
    void begin() {
        if (random.nextInt(3) == 0) {
            return;
        }
        for (int i = random.nextInt(MOST); i > 0; i--) {
            simulation.after(random.nextLong(duration.toNanos()), this::befall);
        }
    }

    private void befall() {
        switch (random.nextInt(3)) {
            case 0 -> standStill();
            case 1 -> setClock();
            default -> {
                SimulatedPeer peer = peers.get(random.nextInt(peers.size()));
                peer.vanish(1 + random.nextLong(duration.toNanos() / 4));
            }
        }
    }

    /// As when a process is stopped, or its virtual machine is moved; rarely for as long as that
    /// everything has run out meanwhile.
    private void standStill() {
        long most = random.nextInt(4) == 0 ? LONG_NANOS : SHORT_NANOS;
        long nanos = 1 + random.nextLong(most);
        tally.count("stood still");
        simulation.standStill(nanos);
        simulation.note(nanos, () -> "  stood still for " + Duration.ofNanos(nanos));
    }

    /// Forward or backward, or right again.
    private void setClock() {
        long most = random.nextBoolean() ? LONG_NANOS : SHORT_NANOS;
        Duration error =
                random.nextInt(3) == 0
                        ? Duration.ZERO
                        : Duration.ofNanos(random.nextLong(-most, most));
        tally.count(error.isNegative() ? "clock set back" : "clock set");
        clock.set(error);
        simulation.note(error.toNanos(), () -> "  clock wrong by " + error);
    }
}
