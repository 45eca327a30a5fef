package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDRESS_ERROR_CODE;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.ALLOCATION_QUOTA_REACHED;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.MOBILITY_FORBIDDEN;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Allocate requests (RFC 8656 §7.2), in two phases: the answer waits until the relays are open.
final class AllocateHandler {

    private final Realms realms;
    private final Allocations allocations;
    private final Deadlines deadlines;
    private final Admission admission;
    private final ReservationDesk reservations;
    private final Tickets tickets;
    private final Redirects redirects;
    private final Responses responses;
    private final Map<FiveTuple, PendingAllocate> pendingByClient = new HashMap<>();
    private final Map<AllocationId, PendingAllocate> pendingById = new HashMap<>();
    private long lastId;

    AllocateHandler(
            Realms realms,
            Allocations allocations,
            Deadlines deadlines,
            Admission admission,
            ReservationDesk reservations,
            Tickets tickets,
            Redirects redirects,
            Responses responses) {
        this.realms = realms;
        this.allocations = allocations;
        this.deadlines = deadlines;
        this.admission = admission;
        this.reservations = reservations;
        this.tickets = tickets;
        this.redirects = redirects;
        this.responses = responses;
    }

    /// Step 1 of RFC 8656 §7.2, authentication, is done by the caller, steps 3 to 9 by
    /// [AllocatePlan].
    List<Effect> handle(Request request, long nowNanos) {
        // 2. The 5-tuple must be free; a retransmission gets the same answer.
        Optional<Effect> taken = answerIfTaken(request, nowNanos);
        if (taken.isPresent()) {
            return List.of(taken.get());
        }
        if (request.sender().term().isOver()) {
            return List.of(challenge(request, "credential has expired"));
        }
        // RFC 8656 §21.4: packets would go round between the server and the tunnel.
        if (EmbeddedIpv4.isTunneled(request.from().client().getAddress())) {
            return reject(request, FORBIDDEN, "a client by 6to4 or Teredo");
        }
        // 11. Another server may be the better one, whatever is asked for.
        // Departs from RFC 8155 §6, by which a server at an anycast address checks the request
        // first: whoever the client is sent to does that, and may have what is not to be had here.
        Optional<Effect> elsewhere = redirects.always(request);
        if (elsewhere.isPresent()) {
            return List.of(elsewhere.get());
        }
        Realm realm = request.realm();
        AllocatePlan plan =
                AllocatePlan.of(
                        request.message(),
                        request.from().transport(),
                        realm.policy(),
                        realm.tcp() != null);
        if (plan instanceof AllocatePlan.Refused(ErrorCode code, String detail)) {
            return reject(request, code, detail);
        }
        // RFC 8016 §3.1.2: an empty ticket asks for one, to move by later.
        Optional<byte[]> ticket = request.message().find(MOBILITY_TICKET);
        if (ticket.isPresent() && ticket.get().length > 0) {
            return reject(request, BAD_REQUEST, "a ticket in an Allocate request");
        }
        if (ticket.isPresent() && tickets.areForbidden()) {
            return reject(request, MOBILITY_FORBIDDEN, "mobility is off");
        }
        // 10. Quotas.
        return admission
                .tryAcquire(Resource.ALLOCATION, request.holder())
                .map(limit -> refuse(request, limit))
                .orElseGet(() -> open(request, plan, nowNanos));
    }

    private List<Effect> refuse(Request request, Limit limit) {
        boolean full = limit == Limit.ALLOCATIONS || limit == Limit.REALM_ALLOCATIONS;
        Optional<Effect> elsewhere = full ? redirects.whenFull(request) : Optional.empty();
        ErrorCode code = full ? INSUFFICIENT_CAPACITY : ALLOCATION_QUOTA_REACHED;
        return List.of(elsewhere.orElseGet(() -> responses.reject(request, code, limit)));
    }

    /// Completes the request if this was the last relay it waited for.
    List<Effect> opened(Event.RelayOpened event, long nowNanos) {
        PendingAllocate pending = pending(event.allocation());
        pending.opened(event);
        return pending.isComplete() ? complete(pending, nowNanos) : List.of();
    }

    List<Effect> failed(Event.RelayFailed event, long nowNanos) {
        PendingAllocate pending = pending(event.allocation());
        pending.arrived(event.family());
        pending.failed(event.family(), INSUFFICIENT_CAPACITY, event.reason());
        return pending.isComplete() ? complete(pending, nowNanos) : List.of();
    }

    /// Whether a request of that client waits for its relays.
    boolean isPending(FiveTuple client) {
        return pendingByClient.containsKey(client);
    }

    void clientClosed(FiveTuple client) {
        PendingAllocate pending = pendingByClient.remove(client);
        if (pending != null) {
            pending.abandoned = true;
        }
    }

    private Optional<Effect> answerIfTaken(Request request, long nowNanos) {
        TransactionId transaction = request.message().transactionId();
        PendingAllocate pending = pendingByClient.get(request.from());
        if (pending != null) {
            boolean copy =
                    pending.request.message().transactionId().equals(transaction)
                            && pending.request.username().equals(request.username());
            return Optional.of(
                    copy
                            ? new Effect.Drop(request.from(), DropReason.ALLOCATE_PENDING)
                            : responses.reject(
                                    request, ALLOCATION_MISMATCH, "5-tuple is being allocated"));
        }
        Allocation allocation = allocations.of(request.from());
        if (allocation == null) {
            return Optional.empty();
        }
        boolean copy =
                allocation.transaction.equals(transaction)
                        && allocation.username.equals(request.username());
        return Optional.of(
                copy
                        ? success(request, allocation, nowNanos)
                        : responses.reject(
                                request, ALLOCATION_MISMATCH, "5-tuple has an allocation"));
    }

    /// Asks for the relays; the quota is held from here on.
    private List<Effect> open(Request request, AllocatePlan plan, long nowNanos) {
        return switch (plan) {
            case AllocatePlan.One(RelaySpec relay) -> openOne(request, relay, nowNanos);
            case AllocatePlan.Both(PortChoice port, RelayTransport transport) ->
                    openBoth(request, port, transport, nowNanos);
            case AllocatePlan.Claim(long token) -> openReserved(request, token, nowNanos);
            case AllocatePlan.Refused refused -> throw new IllegalStateException(refused.detail());
        };
    }

    private List<Effect> openOne(Request request, RelaySpec spec, long nowNanos) {
        // 8. A reservation needs a place in the table.
        boolean reserves = spec.port() instanceof PortChoice.Even(boolean next) && next;
        Optional<Limit> full = reserves ? reservations.tryHoldPlace(request) : Optional.empty();
        if (full.isPresent()) {
            release(request);
            return List.of(responses.reject(request, INSUFFICIENT_CAPACITY, full.get()));
        }
        PendingAllocate pending = pend(request, spec.transport(), nowNanos);
        pending.holdsPlace = reserves;
        return List.of(open(pending, spec));
    }

    private List<Effect> openReserved(Request request, long token, long nowNanos) {
        Optional<InetSocketAddress> claimed = reservations.claim(token, request.owner());
        if (claimed.isEmpty()) {
            release(request);
            return reject(request, INSUFFICIENT_CAPACITY, "no such reservation");
        }
        InetSocketAddress relayed = claimed.get();
        AddressFamily family = AddressFamily.of(relayed.getAddress());
        return List.of(
                open(
                        pend(request, RelayTransport.UDP, nowNanos),
                        new RelaySpec(family, new PortChoice.Reserved(relayed))));
    }

    /// Opens a relay of each family; one that is not to be had is told by ADDRESS-ERROR-CODE.
    private List<Effect> openBoth(
            Request request, PortChoice port, RelayTransport transport, long nowNanos) {
        PendingAllocate pending = pend(request, transport, nowNanos);
        List<Effect> effects = new ArrayList<>(2);
        for (AddressFamily family : AddressFamily.values()) {
            if (request.realm().policy().families().contains(family)) {
                effects.add(open(pending, new RelaySpec(family, port, transport)));
            } else {
                pending.failed(family, ADDRESS_FAMILY_NOT_SUPPORTED, "no address of " + family);
            }
        }
        return pending.isComplete() ? complete(pending, nowNanos) : effects;
    }

    private PendingAllocate pend(Request request, RelayTransport transport, long nowNanos) {
        PendingAllocate pending =
                new PendingAllocate(new AllocationId(++lastId), request, transport, nowNanos);
        pendingByClient.put(request.from(), pending);
        pendingById.put(pending.id, pending);
        return pending;
    }

    private static Effect open(PendingAllocate pending, RelaySpec spec) {
        pending.await(spec.family());
        return new Effect.OpenRelay(pending.id, pending.request.from(), spec);
    }

    private List<Effect> complete(PendingAllocate pending, long nowNanos) {
        pendingById.remove(pending.id);
        Request request = pending.request;
        long lifetimeSeconds =
                pending.bounded(
                        request.realm()
                                .policy()
                                .grantedSeconds(request.message().find(LIFETIME).orElse(0L)),
                        nowNanos);
        boolean inVain = pending.abandoned || lifetimeSeconds == 0;
        if (pending.holdsPlace && (inVain || pending.reserved == null)) {
            reservations.releasePlace(request);
        }
        if (pending.abandoned) {
            release(request);
            return undo(pending);
        }
        pendingByClient.remove(request.from());
        if (pending.opened.isEmpty()) {
            release(request);
            return refuseForLackOfRoom(request, String.join("; ", pending.failures));
        }
        if (lifetimeSeconds == 0) { // what the user has did not last until the relays were open
            release(request);
            List<Effect> effects = new ArrayList<>(undo(pending));
            effects.add(challenge(request, "credential has expired meanwhile"));
            return effects;
        }
        Allocation allocation =
                new Allocation(
                        pending.id, request, pending.transport, realms.origin(request.message()));
        pending.opened.forEach(
                (family, relayed) -> {
                    Relay relay = new Relay(allocation, family, relayed);
                    allocation.relays.add(relay);
                    deadlines.schedule(relay, nowNanos + TimeUnit.SECONDS.toNanos(lifetimeSeconds));
                });
        admission.opened(allocation, request.message(), nowNanos);
        allocation.addressError = pending.addressError;
        if (pending.reserved != null) {
            allocation.reservationToken = reservations.reserve(request, pending.reserved, nowNanos);
        }
        // The connections of a TCP relay cannot be taken along.
        if (request.message().has(MOBILITY_TICKET) && pending.transport == RelayTransport.UDP) {
            tickets.issue(allocation);
        }
        allocations.add(allocation);
        return List.of(
                new Effect.AllocationOpened(
                        allocation.id(),
                        allocation.client(),
                        allocation.username,
                        List.copyOf(pending.opened.values()),
                        lifetimeSeconds),
                success(request, allocation, nowNanos));
    }

    /// There will be no allocation for that request.
    private void release(Request request) {
        admission.release(Resource.ALLOCATION, request.holder());
    }

    private static List<Effect> undo(PendingAllocate pending) {
        List<Effect> effects = new ArrayList<>(2);
        pending.opened
                .keySet()
                .forEach(family -> effects.add(new Effect.CloseRelay(pending.id, family)));
        if (pending.reserved != null) {
            effects.add(new Effect.ReleasePort(pending.reserved));
        }
        return effects;
    }

    private Effect success(Request request, Allocation allocation, long nowNanos) {
        StunMessage.Builder response = Responses.success(request.message());
        allocation.relays.forEach(relay -> response.with(XOR_RELAYED_ADDRESS, relay.relayed));
        long remainingNanos = allocation.relays.getFirst().deadlineNanos() - nowNanos;
        response.with(LIFETIME, TimeUnit.NANOSECONDS.toSeconds(remainingNanos));
        response.with(XOR_MAPPED_ADDRESS, request.from().client());
        if (allocation.reservationToken != null) {
            response.with(RESERVATION_TOKEN, allocation.reservationToken);
        }
        if (allocation.addressError != null) {
            response.with(ADDRESS_ERROR_CODE, allocation.addressError);
        }
        if (allocation.askedBandwidth != null) {
            response.with(AskedBandwidth.BANDWIDTH, allocation.askedBandwidth.value());
        }
        if (allocation.roaming != null) {
            response.with(MOBILITY_TICKET, allocation.roaming.sealed);
        }
        return responses.send(request, response);
    }

    private PendingAllocate pending(AllocationId id) {
        PendingAllocate pending = pendingById.get(id);
        if (pending == null) {
            throw new IllegalStateException("no relay was asked for by " + id);
        }
        return pending;
    }

    private Effect challenge(Request request, String detail) {
        return responses.challenge(
                request.realm(), request.from(), request.message(), UNAUTHENTICATED, detail);
    }

    private List<Effect> refuseForLackOfRoom(Request request, String detail) {
        return redirects
                .whenFull(request)
                .map(List::of)
                .orElseGet(() -> reject(request, INSUFFICIENT_CAPACITY, detail));
    }

    private List<Effect> reject(Request request, ErrorCode code, String detail) {
        return List.of(responses.reject(request, code, detail));
    }
}
