package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.time.Duration;
import java.util.Set;

/// The policy that RFC 8656 recommends, and variations of it in one point.
final class TestPolicies {

    static final TurnPolicy DEFAULTS =
            new TurnPolicy(
                    Set.of(AddressFamily.IPV4, AddressFamily.IPV6),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(30),
                    64,
                    64,
                    TurnPolicy.LAST_CHANNEL);

    private TestPolicies() {}

    static TurnPolicy withFamilies(Set<AddressFamily> families) {
        return of(families, DEFAULTS.permissionsPerAllocation(), DEFAULTS.channelsPerAllocation());
    }

    static TurnPolicy withLimits(int permissions, int channels) {
        return of(DEFAULTS.families(), permissions, channels);
    }

    static TurnPolicy withLastChannel(int last) {
        return new TurnPolicy(
                DEFAULTS.families(),
                DEFAULTS.defaultLifetime(),
                DEFAULTS.maxLifetime(),
                DEFAULTS.permissionLifetime(),
                DEFAULTS.channelLifetime(),
                DEFAULTS.reservationLifetime(),
                DEFAULTS.permissionsPerAllocation(),
                DEFAULTS.channelsPerAllocation(),
                last);
    }

    /// Where no datagram can be kept from being fragmented.
    static TurnPolicy fragmenting() {
        return new TurnPolicy(
                DEFAULTS.families(),
                DEFAULTS.defaultLifetime(),
                DEFAULTS.maxLifetime(),
                DEFAULTS.permissionLifetime(),
                DEFAULTS.channelLifetime(),
                DEFAULTS.reservationLifetime(),
                DEFAULTS.permissionsPerAllocation(),
                DEFAULTS.channelsPerAllocation(),
                DEFAULTS.lastChannel(),
                false);
    }

    private static TurnPolicy of(Set<AddressFamily> families, int permissions, int channels) {
        return new TurnPolicy(
                families,
                DEFAULTS.defaultLifetime(),
                DEFAULTS.maxLifetime(),
                DEFAULTS.permissionLifetime(),
                DEFAULTS.channelLifetime(),
                DEFAULTS.reservationLifetime(),
                permissions,
                channels,
                DEFAULTS.lastChannel());
    }
}
