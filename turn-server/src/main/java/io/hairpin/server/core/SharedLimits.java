package io.hairpin.server.core;

/// The limits that the cores of a server keep together, besides [Quotas]. Thread-safe.
///
/// @param sources bounds what clients hold by where they come from
/// @param refusals what met a limit
public record SharedLimits(
        ByResource<SourceQuotas> sources, SharedBandwidth bandwidth, Refusals refusals) {

    /// No limit by source, and none on bandwidth.
    public static SharedLimits none() {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE),
                new SharedBandwidth(BandwidthLimits.NONE),
                new Refusals());
    }
}
