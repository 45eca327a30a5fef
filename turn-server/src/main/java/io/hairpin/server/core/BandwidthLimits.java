package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// How much data may pass; null for as much as comes.
///
/// @param allocation through each allocation, in each direction
/// @param user of each user, all their allocations together, in each direction
/// @param server of all users in both directions together: what comes in leaves again, so this is
///     what the server's network carries each way
/// @param realms of each realm that has a limit, in both directions together, by its name
/// @param clientsAsk whether clients may ask for less, and are told what they got
public record BandwidthLimits(
        @Nullable Bandwidth allocation,
        @Nullable Bandwidth user,
        @Nullable Bandwidth server,
        Map<String, Bandwidth> realms,
        boolean clientsAsk) {

    /// As much as comes.
    public static final BandwidthLimits NONE = new BandwidthLimits(null, null, null);

    public BandwidthLimits {
        realms = Map.copyOf(realms);
    }

    /// Those that clients have nothing to say about, the same in each realm.
    public BandwidthLimits(
            @Nullable Bandwidth allocation, @Nullable Bandwidth user, @Nullable Bandwidth server) {
        this(allocation, user, server, Map.of(), false);
    }

    boolean areNone() {
        return allocation == null && user == null && server == null && realms.isEmpty();
    }
}
