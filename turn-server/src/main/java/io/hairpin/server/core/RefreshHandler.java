package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Refresh requests (RFC 8656 §8.2).
final class RefreshHandler {

    private final TurnPolicy policy;
    private final Allocations allocations;
    private final Deadlines deadlines;
    private final Responses responses;

    RefreshHandler(
            TurnPolicy policy, Allocations allocations, Deadlines deadlines, Responses responses) {
        this.policy = policy;
        this.allocations = allocations;
        this.deadlines = deadlines;
        this.responses = responses;
    }

    List<Effect> handle(Request request, Allocation allocation, long nowNanos) {
        // A family picks one relay of a dual allocation; it must be there.
        Optional<Integer> family = request.message().find(REQUESTED_ADDRESS_FAMILY);
        List<Relay> chosen =
                allocation.relays.stream()
                        .filter(relay -> family.isEmpty() || family.get() == relay.family.code())
                        .toList();
        if (chosen.isEmpty()) {
            return List.of(
                    responses.reject(
                            request,
                            PEER_ADDRESS_FAMILY_MISMATCH,
                            "no relay of address family " + family.orElse(0)));
        }

        Optional<Long> requested = request.message().find(LIFETIME);
        boolean delete = requested.isPresent() && requested.get() == 0;
        long granted = policy.grantedSeconds(requested.orElse(0L));
        long seconds = delete ? 0 : request.bounded(granted, 0);
        allocation.adoptSessionOf(request);
        List<Effect> effects = new ArrayList<>();
        for (Relay relay : chosen) {
            if (delete) {
                effects.addAll(allocations.close(relay, CloseReason.DELETED));
            } else {
                deadlines.schedule(relay, nowNanos + TimeUnit.SECONDS.toNanos(seconds));
            }
        }
        effects.add(
                responses.send(
                        request, Responses.success(request.message()).with(LIFETIME, seconds)));
        return effects;
    }
}
