package io.hairpin.server.config;

/// How much the users of one realm may use, within what the whole server may.
///
/// @param allocations of all its users together
public record RealmLimitsConfig(
        @Default("20") int allocationsPerUser, @Default("10000") int allocations) {

    private static final int MILLION = 1_000_000;

    public RealmLimitsConfig {
        new Rules()
                .range("allocations-per-user", allocationsPerUser, 1, MILLION)
                .range("allocations", allocations, 1, MILLION)
                .enforce();
    }
}
