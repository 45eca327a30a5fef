package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.util.Set;

/// The default policy, changed in one point.
final class TestPolicies {

    private static final TurnPolicy DEFAULTS = TurnPolicy.defaults();

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
