package io.hairpin.client.nat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What to find out about NATs, and how patiently.
///
/// @param patience how long a question may stay unanswered before that counts as the answer
/// @param longestLifetime how long to wait for unused mappings to end; empty to leave that out
/// @param local what sockets are bound to; its port is for the first of them
/// @param random where transaction ids come from
public record NatOptions(
        Duration patience,
        Optional<Duration> longestLifetime,
        InetSocketAddress local,
        RandomGenerator random) {

    /// The time that the waits between requests are counted in goes so often into the patience.
    static final int STEPS = 10;

    public NatOptions {
        if (patience.toMillis() < STEPS) {
            throw new IllegalArgumentException("too impatient: " + patience);
        }
        if (longestLifetime.filter(it -> !it.isPositive()).isPresent()) {
            throw new IllegalArgumentException("a lifetime is not positive");
        }
        if (local.isUnresolved()) {
            throw new IllegalArgumentException("not an address: " + local);
        }
    }
}
