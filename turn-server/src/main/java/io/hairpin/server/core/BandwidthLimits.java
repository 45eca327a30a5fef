package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// How much data may pass; null for as much as comes.
///
/// @param allocation through each allocation, in each direction
/// @param user of each user, all their allocations together, in each direction
/// @param server of all users in both directions together: what comes in leaves again, so this is
///     what the server's network carries each way
public record BandwidthLimits(
        @Nullable Bandwidth allocation, @Nullable Bandwidth user, @Nullable Bandwidth server) {

    /// As much as comes.
    public static final BandwidthLimits NONE = new BandwidthLimits(null, null, null);

    boolean areNone() {
        return allocation == null && user == null && server == null;
    }
}
