package io.hairpin.server.config;

import java.time.Duration;

/// How much data may be relayed.
///
/// @param perAllocation in each direction, as is `perUser`
/// @param server in both directions together
/// @param burst the time whose share may pass at once
public record BandwidthConfig(
        @Default("50Mbit/s") DataRate perAllocation,
        @Default("unlimited") DataRate perUser,
        @Default("unlimited") DataRate server,
        @Default("1s") Duration burst) {

    /// A call by voice alone takes as much.
    private static final DataRate SLOWEST = new DataRate(8_000);

    private static final DataRate FASTEST = new DataRate(12_500_000_000L);
    private static final Duration SHORTEST_BURST = Duration.ofSeconds(1);
    private static final Duration LONGEST_BURST = Duration.ofMinutes(1);

    public BandwidthConfig {
        Rules rules = new Rules();
        rate(rules, "per-allocation", perAllocation);
        rate(rules, "per-user", perUser);
        rate(rules, "server", server);
        rules.range("burst", burst, SHORTEST_BURST, LONGEST_BURST)
                .check(
                        perUser.compareTo(server) <= 0 || !perUser.isLimited(),
                        "per-user",
                        perUser.toString(),
                        "it never matters, since limits.bandwidth.server is " + server,
                        "lower it, or raise limits.bandwidth.server")
                .enforce();
    }

    static void rate(Rules rules, String key, DataRate rate) {
        if (rate.isLimited()) {
            rules.range(key, rate, SLOWEST, FASTEST);
        }
    }
}
