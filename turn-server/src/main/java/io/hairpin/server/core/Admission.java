package io.hairpin.server.core;

import java.util.Optional;

/// Lets one core's allocations begin within all their limits, and gives back what each counted for
/// once it has ended. Nothing is given back anywhere else.
final class Admission {

    private final SourceQuotas sources;
    private final Metering metering;

    Admission(SharedLimits limits) {
        sources = limits.sources();
        metering = new Metering(limits.bandwidth());
    }

    /// Counts the allocation that is asked for until it is released, or names the limit that it
    /// would exceed.
    Optional<Limit> tryAcquire(Request request) {
        switch (sources.tryAcquire(request.from().client().getAddress())) {
            case ADDRESS_LIMIT -> {
                return Optional.of(Limit.ALLOCATIONS_PER_ADDRESS);
            }
            case NETWORK_LIMIT -> {
                return Optional.of(Limit.ALLOCATIONS_PER_NETWORK);
            }
            case GRANTED -> {}
        }
        Optional<Limit> exceeded =
                switch (request.realm().quotas().tryAcquire(request.username())) {
                    case USER_LIMIT -> Optional.of(Limit.ALLOCATIONS_PER_USER);
                    case SERVER_LIMIT -> Optional.of(Limit.ALLOCATIONS);
                    case GRANTED -> Optional.empty();
                };
        if (exceeded.isPresent()) {
            sources.release(request.from().client().getAddress());
        }
        return exceeded;
    }

    /// The allocation was not made after all.
    void release(Request request) {
        request.realm().quotas().release(request.username());
        sources.release(request.from().client().getAddress());
    }

    /// The allocation exists from now on.
    void opened(Allocation allocation, long nowNanos) {
        allocation.bandwidth(metering.open(user(allocation), allocation.transport, nowNanos));
    }

    /// The allocation has ended.
    void release(Allocation allocation) {
        metering.close(allocation.bandwidth());
        allocation.realm.quotas().release(allocation.username);
        sources.release(allocation.source);
    }

    /// Whoever the quota counts for as well: nobody's in another realm.
    private static Owner user(Allocation allocation) {
        return new Owner(allocation.realm.name(), Quotas.owner(allocation.username));
    }
}
