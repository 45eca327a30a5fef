package io.hairpin.server.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Everything that can go wrong in a [VirtualNetwork], each as a probability or a bound.
///
/// @param loss of a datagram
/// @param duplication of a datagram
/// @param delay the longest a datagram is usually under way
/// @param straggling the chance that one is under way ten times as long, behind later ones
/// @param rebinding the chance, each time a client does something, that its NAT has given it
///     another address
/// @param bindFailure of a relay
/// @param slowBind the chance that opening a relay takes up to `slowBindDelay`
/// @param hangUp the chance, each time a TCP client does something, that its connection breaks
/// @param vanishing the chance, each time a client does something, that it is gone for ever
record NetworkFaults(
        double loss,
        double duplication,
        Duration delay,
        double straggling,
        double rebinding,
        double bindFailure,
        double slowBind,
        Duration slowBindDelay,
        double hangUp,
        double vanishing) {

    static final NetworkFaults NONE =
            new NetworkFaults(0, 0, Duration.ofMillis(20), 0, 0, 0, 0, Duration.ZERO, 0, 0);

    /// From a network that works to one that hardly does.
    static NetworkFaults drawnFrom(RandomGenerator random) {
        if (random.nextInt(8) == 0) {
            return NONE;
        }
        return new NetworkFaults(
                random.nextDouble() * 0.3,
                random.nextDouble() * 0.2,
                Duration.ofMillis(random.nextInt(1, 400)),
                random.nextDouble() * 0.1,
                random.nextDouble() * 0.05,
                random.nextDouble() * 0.3,
                random.nextDouble() * 0.4,
                Duration.ofMillis(random.nextInt(1, 8000)),
                random.nextDouble() * 0.08,
                random.nextDouble() * 0.02);
    }
}
