package io.hairpin.server.core;

import io.hairpin.stun.StunMessage;

import java.util.Optional;

/// Lets what one core's clients hold begin within all its limits, and gives back what it
/// counted for once it has ended. Nothing is given back anywhere else.
final class Admission {

    private final ByResource<SourceQuotas> sources;
    private final Metering metering;

    Admission(SharedLimits limits) {
        sources = limits.sources();
        metering = new Metering(limits.bandwidth());
    }

    /// Counts one more until it is released, or names the limit that it would exceed.
    Optional<Limit> tryAcquire(Resource resource, Holder holder) {
        SourceQuotas bySource = sources.of(resource);
        switch (bySource.tryAcquire(holder.source())) {
            case ADDRESS_LIMIT -> {
                return Optional.of(resource.ofAddress);
            }
            case NETWORK_LIMIT -> {
                return Optional.of(resource.ofNetwork);
            }
            case GRANTED -> {}
        }
        Optional<Limit> exceeded =
                switch (holder.realm().quotas().of(resource).tryAcquire(holder.username())) {
                    case USER_LIMIT -> Optional.of(resource.ofUser);
                    case REALM_LIMIT -> Optional.of(resource.ofRealm);
                    case SERVER_LIMIT -> Optional.of(resource.ofServer);
                    case GRANTED -> Optional.empty();
                };
        if (exceeded.isPresent()) {
            bySource.release(holder.source());
        }
        return exceeded;
    }

    /// Counts so many more until each is released, or none and names the limit.
    Optional<Limit> tryAcquire(Resource resource, int count, Holder holder) {
        for (int taken = 0; taken < count; taken++) {
            Optional<Limit> exceeded = tryAcquire(resource, holder);
            if (exceeded.isPresent()) {
                for (int given = 0; given < taken; given++) {
                    release(resource, holder);
                }
                return exceeded;
            }
        }
        return Optional.empty();
    }

    /// It has ended, or has not come to be.
    void release(Resource resource, Holder holder) {
        holder.realm().quotas().of(resource).release(holder.username());
        sources.of(resource).release(holder.source());
    }

    /// The allocation that was asked for exists from now on.
    void opened(Allocation allocation, StunMessage request, long nowNanos) {
        AskedBandwidth asked = metering.granted(request);
        allocation.askedBandwidth = asked;
        allocation.bandwidth(
                metering.open(allocation.holder.user(), allocation.transport, asked, nowNanos));
    }

    /// The allocation has ended.
    void release(Allocation allocation) {
        metering.close(allocation.bandwidth());
        release(Resource.ALLOCATION, allocation.holder);
    }
}
