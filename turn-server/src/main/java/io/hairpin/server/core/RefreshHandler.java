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

    private final Allocations allocations;
    private final Deadlines deadlines;
    private final Responses responses;

    RefreshHandler(Allocations allocations, Deadlines deadlines, Responses responses) {
        this.allocations = allocations;
        this.deadlines = deadlines;
        this.responses = responses;
    }

    List<Effect> handle(Request request, Allocation allocation, long nowNanos) {
        List<Relay> chosen = chosen(request, allocation);
        if (chosen.isEmpty()) {
            return List.of(noRelay(request));
        }
        List<Effect> effects = new ArrayList<>();
        long seconds = apply(request, chosen, nowNanos, effects);
        effects.add(
                responses.send(
                        request, Responses.success(request.message()).with(LIFETIME, seconds)));
        return effects;
    }

    /// The relays that a request is about: a family picks one relay of a dual allocation.
    static List<Relay> chosen(Request request, Allocation allocation) {
        Optional<Integer> family = request.message().find(REQUESTED_ADDRESS_FAMILY);
        return allocation.relays.stream()
                .filter(relay -> family.isEmpty() || family.get() == relay.family.code())
                .toList();
    }

    /// Whether a request ends relays.
    static boolean isDeletion(Request request) {
        return request.message().find(LIFETIME).filter(seconds -> seconds == 0).isPresent();
    }

    /// The answer to a request that is about a relay that is not there.
    Effect noRelay(Request request) {
        int family = request.message().find(REQUESTED_ADDRESS_FAMILY).orElse(0);
        return responses.reject(
                request, PEER_ADDRESS_FAMILY_MISMATCH, "no relay of address family " + family);
    }

    /// Gives relays another lifetime, or ends them, and returns the seconds that they have left.
    ///
    /// @param effects what is to be done besides
    long apply(Request request, List<Relay> chosen, long nowNanos, List<Effect> effects) {
        boolean delete = isDeletion(request);
        long requested = request.message().find(LIFETIME).orElse(0L);
        long granted = request.realm().policy().grantedSeconds(requested);
        long seconds = delete ? 0 : request.bounded(granted, 0);
        chosen.getFirst().allocation.adoptSessionOf(request);
        for (Relay relay : chosen) {
            if (delete) {
                effects.addAll(allocations.close(relay, CloseReason.DELETED));
            } else {
                deadlines.schedule(relay, nowNanos + TimeUnit.SECONDS.toNanos(seconds));
            }
        }
        return seconds;
    }
}
