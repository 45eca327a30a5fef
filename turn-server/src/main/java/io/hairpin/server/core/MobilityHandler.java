package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.MOBILITY_FORBIDDEN;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// Clients that take their allocation along to another 5-tuple (RFC 8016 §3.2.2).
///
/// A Refresh request with a ticket adds the new 5-tuple to the old one. What peers send goes by the
/// old one until the client sends data by the new one, or closes the old one.
final class MobilityHandler {

    /// How long a retransmission of the request that moved an allocation is recognized: at least 30
    /// seconds.
    static final Duration MEMORY = Duration.ofSeconds(40);

    private final Tickets tickets;
    private final Allocations allocations;
    private final Admission admission;
    private final Predicate<FiveTuple> taken;
    private final RefreshHandler refresh;
    private final Responses responses;

    /// @param taken whether a 5-tuple has an allocation, or one on its way
    MobilityHandler(
            Tickets tickets,
            Allocations allocations,
            Admission admission,
            Predicate<FiveTuple> taken,
            RefreshHandler refresh,
            Responses responses) {
        this.tickets = tickets;
        this.allocations = allocations;
        this.admission = admission;
        this.taken = taken;
        this.refresh = refresh;
        this.responses = responses;
    }

    /// A Refresh request with a ticket.
    List<Effect> handle(Request request, long nowNanos) {
        // 1. Moving must be allowed.
        if (tickets.areForbidden()) {
            return reject(request, MOBILITY_FORBIDDEN, "mobility is off");
        }
        // RFC 8656 §21.4: packets would go round between the server and the tunnel.
        if (EmbeddedIpv4.isTunneled(request.from().client().getAddress())) {
            return reject(request, FORBIDDEN, "a client by 6to4 or Teredo");
        }
        // 2. The ticket names the allocation, whatever 5-tuple the request came by.
        byte[] sealed = request.message().find(MOBILITY_TICKET).orElseThrow();
        Optional<Ticket> read = tickets.read(sealed);
        if (read.isEmpty()) {
            return reject(request, BAD_REQUEST, "not a ticket of this server");
        }
        Ticket shown = read.get();
        // 3. The shard that has the allocation decides.
        if (!tickets.areOurs(shown)) {
            return taken.test(request.from())
                    ? reject(request, ALLOCATION_MISMATCH, "5-tuple has another allocation")
                    : List.of(new Effect.HandOver(request.from(), request.message(), shown.home()));
        }
        Allocation allocation = allocations.get(shown.allocation());
        if (allocation == null) {
            return reject(request, ALLOCATION_MISMATCH, "the allocation is gone");
        }
        return handle(request, allocation, roaming(allocation), shown, nowNanos);
    }

    private List<Effect> handle(
            Request request, Allocation allocation, Roaming roaming, Ticket shown, long nowNanos) {
        // 4. Its owner alone may move it.
        if (!allocation.owner.equals(request.owner())) {
            return reject(request, WRONG_CREDENTIALS, "another user's ticket");
        }
        // 5. A retransmission gets the same answer. The old ticket is good for nothing else.
        OptionalLong granted =
                roaming.grantedTo(request.from(), request.message(), shown, nowNanos);
        if (granted.isPresent()) {
            return List.of(success(request, roaming, granted.getAsLong()));
        }
        // 6. A client that has not moved needs no ticket.
        if (allocations.of(request.from()) == allocation) {
            return reject(request, BAD_REQUEST, "a ticket by the allocation's own 5-tuple");
        }
        if (!shown.equals(roaming.ticket)) {
            return reject(request, BAD_REQUEST, "not the latest ticket");
        }
        if (taken.test(request.from())) {
            return reject(request, ALLOCATION_MISMATCH, "5-tuple has another allocation");
        }
        // 7. All else is as without a ticket.
        List<Relay> chosen = RefreshHandler.chosen(request, allocation);
        if (chosen.isEmpty()) {
            return List.of(refresh.noRelay(request));
        }
        // 8. Not too often, and not too many at once. The ticket is as good as before.
        Optional<Limit> reached = tryBegin(request, allocation, roaming, chosen, nowNanos);
        return reached.isPresent()
                ? List.of(responses.reject(request, INSUFFICIENT_CAPACITY, reached.get()))
                : move(request, allocation, roaming, chosen, nowNanos);
    }

    /// Counts a move, if there may be one, and takes a place for its 5-tuple, if that will be a
    /// second one; or names the limit that is reached.
    private Optional<Limit> tryBegin(
            Request request,
            Allocation allocation,
            Roaming roaming,
            List<Relay> chosen,
            long nowNanos) {
        boolean ends =
                RefreshHandler.isDeletion(request) && chosen.size() == allocation.relays.size();
        boolean isSecond = !ends && !roaming.away && roaming.next == null;
        Optional<Limit> full =
                isSecond
                        ? admission.tryAcquire(Resource.MOVE, allocation.holder)
                        : Optional.empty();
        if (full.isPresent() || tickets.allowMove(roaming, nowNanos)) {
            return full;
        }
        if (isSecond) {
            admission.release(Resource.MOVE, allocation.holder);
        }
        return Optional.of(Limit.MOVES_PER_MINUTE);
    }

    private List<Effect> move(
            Request request,
            Allocation allocation,
            Roaming roaming,
            List<Relay> chosen,
            long nowNanos) {
        List<Effect> effects = new ArrayList<>();
        long seconds = refresh.apply(request, chosen, nowNanos, effects);
        if (allocation.relays.isEmpty()) {
            effects.add(
                    responses.send(
                            request, Responses.success(request.message()).with(LIFETIME, seconds)));
            return effects;
        }
        roaming.moved(request, seconds, nowNanos + MEMORY.toNanos());
        tickets.renew(roaming);
        if (roaming.away) {
            // There is no old path to go on with.
            effects.add(settle(allocation, roaming, request.from()));
        } else {
            if (roaming.next != null) { // its place is the new one's
                allocations.leave(roaming.next, allocation);
                effects.add(new Effect.PathRemoved(allocation.id(), roaming.next));
            }
            roaming.next = request.from();
            allocations.enter(request.from(), allocation);
            effects.add(new Effect.PathAdded(allocation.id(), request.from()));
        }
        effects.add(success(request, roaming, seconds));
        return effects;
    }

    /// Data came by a new 5-tuple: the client has arrived there.
    List<Effect> dataReceived(FiveTuple from) {
        Allocation allocation = allocations.of(from);
        Roaming roaming = allocation == null ? null : allocation.roaming;
        return allocation == null || roaming == null || !from.equals(roaming.next)
                ? List.of()
                : List.of(settle(allocation, roaming, from));
    }

    /// The connection of a client is gone. An allocation that may move waits for its client to come
    /// back, for as long as its lifetime lets it.
    List<Effect> clientClosed(Allocation allocation, FiveTuple client) {
        Roaming roaming = allocation.roaming;
        if (roaming == null) {
            return allocations.close(allocation, CloseReason.CLIENT_CLOSED);
        }
        if (client.equals(roaming.next)) {
            return List.of(forsake(allocation, roaming, client));
        }
        if (roaming.next != null) {
            return List.of(settle(allocation, roaming, roaming.next));
        }
        roaming.away = true;
        allocations.leave(client, allocation);
        return List.of(new Effect.PathRemoved(allocation.id(), client));
    }

    /// Makes the new 5-tuple the only one.
    private Effect settle(Allocation allocation, Roaming roaming, FiveTuple to) {
        FiveTuple from = allocation.client();
        allocations.leave(from, allocation);
        allocations.enter(to, allocation);
        allocation.client(to);
        roaming.away = false;
        over(allocation, roaming);
        return new Effect.ClientMoved(allocation.id(), from, to);
    }

    /// Gives up a new 5-tuple that no data came by.
    private Effect forsake(Allocation allocation, Roaming roaming, FiveTuple next) {
        allocations.leave(next, allocation);
        over(allocation, roaming);
        return new Effect.PathRemoved(allocation.id(), next);
    }

    /// There is no second 5-tuple any more, if there was one.
    private void over(Allocation allocation, Roaming roaming) {
        if (roaming.next != null) {
            roaming.next = null;
            admission.release(Resource.MOVE, allocation.holder);
        }
    }

    private Effect success(Request request, Roaming roaming, long seconds) {
        StunMessage.Builder response = Responses.success(request.message());
        response.with(LIFETIME, seconds).with(MOBILITY_TICKET, roaming.sealed);
        return responses.send(request, response);
    }

    private static Roaming roaming(Allocation allocation) {
        if (allocation.roaming == null) {
            throw new IllegalStateException("a ticket for one that has none: " + allocation.id());
        }
        return allocation.roaming;
    }

    private List<Effect> reject(Request request, ErrorCode code, String detail) {
        return List.of(responses.reject(request, code, detail));
    }
}
