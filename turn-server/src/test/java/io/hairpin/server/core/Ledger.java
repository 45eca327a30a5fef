package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// A second opinion on all that a server's cores do: learns from their answers what they have
/// granted, and checks that everything else follows from that. Shared by the shards.
final class Ledger {

    private record Name(int shard, AllocationId id) {}

    private record Reservation(int shard, String username, long deadlineNanos) {}

    private final TurnPolicy policy;
    private final Quotas quotas;
    private final Reservations reservations;
    private final int allocationsPerUser;
    private final int allocationLimit;
    private final int reservationLimit;
    private final Predicate<InetSocketAddress> reachable;
    private final LongSupplier clock;
    private final Tally tally;

    private final SimulatedLimits shared;
    private final PeerLedger peers;
    private final @Nullable StrangerLedger strangers;
    private final Map<Name, LedgerEntry> entries = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Reservation> reserved = new HashMap<>();

    /// @param reachable whether the peer policy lets anybody reach a transport address now
    Ledger(
            TurnPolicy policy,
            Limits limits,
            Quotas quotas,
            Reservations reservations,
            SimulatedLimits shared,
            Predicate<InetSocketAddress> reachable,
            LongSupplier clock,
            Tally tally) {
        this.policy = policy;
        this.quotas = quotas;
        this.reservations = reservations;
        this.shared = shared;
        this.allocationsPerUser = limits.perUser();
        this.allocationLimit = limits.allocations();
        this.reservationLimit = limits.reservations();
        this.reachable = reachable;
        this.clock = clock;
        this.tally = tally;
        StrangerLedger.Shares shares = limits.strangers();
        strangers = shares == null ? null : new StrangerLedger(shares, clock);
        peers =
                new PeerLedger(
                        peer -> reachable.test(peer) && peer.getPort() != WorldSettings.CLOSED_PORT,
                        clock);
    }

    SimulatedLimits shared() {
        return shared;
    }

    /// The limits that all cores share.
    ///
    /// @param strangers null if whoever asks is answered
    record Limits(
            int perUser,
            int allocations,
            int reservations,
            StrangerLedger.@Nullable Shares strangers) {

        Limits(int perUser, int allocations, int reservations) {
            this(perUser, allocations, reservations, null);
        }
    }

    /// A relay is open, and the core is about to hear of it.
    void opened(int shard, AllocationId id, FiveTuple client) {
        LedgerEntry entry = entry(shard, id);
        assertThat(entry.client).isEqualTo(client);
        if (entry.abandoned) {
            tally.count("relay opened too late");
        }
    }

    /// Checks what a core wants done about an event, and takes note of it.
    void handled(int shard, Event event, List<Effect> effects) {
        int answers = 0;
        int drops = 0;
        int opens = 0;
        note(shard, event);
        if (strangers != null
                && event instanceof Event.MessageReceived(var from, _, _)
                && from.transport() == Transport.UDP) {
            boolean expired =
                    effects.stream().anyMatch(each -> each instanceof Effect.AllocationClosed);
            strangers.handled(from, !expired && isTaken(shard, from), effects);
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Send(var to, var message) -> {
                    answers++;
                    granted(shard, request(shard, event, to, message), to, message);
                }
                case Effect.SendElsewhere(var asked, var path, var message) -> {
                    answers++;
                    assertThat(request(shard, event, asked, message).method())
                            .isEqualTo(Method.BINDING);
                    assertThat(path.client().getAddress()).isEqualTo(asked.client().getAddress());
                    tally.count("answered elsewhere");
                }
                case Effect.Reject(var to, var message, var code, _) -> {
                    answers++;
                    refused(shard, request(shard, event, to, message), to, code);
                }
                case Effect.Indicate(var to, var message) -> told(shard, event, to, message);
                case Effect.OpenRelay open -> {
                    opens++;
                    asked(shard, event, open);
                }
                case Effect.CloseRelay(var id, var family) ->
                        entry(shard, id).closed(family, event, clock.getAsLong());
                case Effect.ReleasePort(var relayed) -> released(relayed, event);
                case Effect.AllocationOpened opened -> begun(shard, opened);
                case Effect.AllocationClosed(var id, var client, _) ->
                        entry(shard, id).ended(client);
                case Effect.Tcp tcp -> opens += wanted(shard, event, tcp);
                case Effect.PathAdded(var id, var path) -> {
                    assertThat(owned(shard, path)).as("the allocation before").isNull();
                    entry(shard, id).pathAdded(path, event);
                }
                case Effect.PathRemoved(var id, var path) ->
                        entry(shard, id).pathRemoved(path, event);
                case Effect.ClientMoved(var id, var from, var to) ->
                        entry(shard, id).moved(from, to, event);
                case Effect.HandOver(var from, _, int home) -> {
                    opens++; // the home answers
                    assertThat(home).isNotEqualTo(shard);
                    assertThat(owned(shard, from)).isNull();
                }
                case Effect.Drop(var from, _) -> {
                    drops++;
                    assertThat(from).isEqualTo(sender(shard, event));
                }
            }
        }
        checkNumberOfOutcomes(shard, event, answers, drops, opens);
        if (event instanceof Event.Tcp tcp) {
            peers.happened(tcp);
        }
        peers.check(shard);
        forgetDone(shard);
    }

    /// How many more answers will come for what a core wants done about peers.
    private int wanted(int shard, Event event, Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(var allocation, _, _) -> {
                peers.wanted(shard, event, effect, entry(shard, allocation));
                return 1;
            }
            case Effect.Tcp.Admit(var allocation, _, _) ->
                    peers.wanted(shard, event, effect, entry(shard, allocation));
            case Effect.Tcp.Join(_, var id) ->
                    peers.joined(((Event.MessageReceived) event).message(), id);
            case Effect.Tcp.Close(var id, var reason) -> peers.closed(id, reason);
            case Effect.Tcp.TurnAway _, Effect.Tcp.Announce _ -> {}
        }
        return 0;
    }

    private void note(int shard, Event event) {
        switch (event) {
            case Event.RelayOpened opened -> {
                entry(shard, opened.allocation()).opened(opened.family(), opened.relayed());
                if (opened.reserved() != null) {
                    reserved.put(
                            opened.reserved(),
                            new Reservation(
                                    shard,
                                    entry(shard, opened.allocation()).username,
                                    clock.getAsLong() + policy.reservationLifetime().toNanos()));
                }
            }
            case Event.RelayFailed failed ->
                    entry(shard, failed.allocation()).failed(failed.family());
            case Event.ClientClosed(var client) ->
                    entries.values().stream()
                            .filter(entry -> entry.shard == shard && entry.client.equals(client))
                            .filter(LedgerEntry::isPending)
                            .forEach(entry -> entry.abandoned = true);
            case Event.Tcp _,
                    Event.MessageReceived _,
                    Event.IcmpReceived _,
                    Event.DataReceived _,
                    Event.TimePassed _ -> {}
        }
    }

    /// Whose message, or whose error, an event is about.
    private FiveTuple sender(int shard, Event event) {
        return switch (event) {
            case Event.MessageReceived(var from, _, _) -> from;
            case Event.DataReceived(var from) -> from;
            case Event.IcmpReceived received -> entry(shard, received.allocation()).client;
            case Event.RelayOpened _,
                    Event.RelayFailed _,
                    Event.Tcp _,
                    Event.ClientClosed _,
                    Event.TimePassed _ ->
                    throw new AssertionError("nothing to drop: " + event);
        };
    }

    /// A client hears of errors that were met on the way to peers it may reach, and of no others.
    private void told(int shard, Event event, FiveTuple to, StunMessage indication) {
        Event.IcmpReceived received = (Event.IcmpReceived) event;
        LedgerEntry entry = entry(shard, received.allocation());
        assertThat(to).isEqualTo(entry.client);
        assertThat(entry.isLive()).isTrue();
        assertThat(entry.permits(received.peer().getAddress(), clock.getAsLong())).isTrue();
        assertThat(indication.find(Attributes.XOR_PEER_ADDRESS)).contains(received.peer());
        assertThat(indication.has(Attributes.ICMP)).isTrue();
        assertThat(indication.has(Attributes.DATA)).isFalse();
    }

    /// The request that an answer is for; there has to be one, from the client that is answered.
    private StunMessage request(int shard, Event event, FiveTuple to, StunMessage answer) {
        StunMessage request =
                switch (event) {
                    case Event.MessageReceived(var from, var message, _) -> {
                        assertThat(to).isEqualTo(from);
                        yield message;
                    }
                    case Event.RelayOpened opened -> pendingRequest(shard, opened.allocation(), to);
                    case Event.RelayFailed failed -> pendingRequest(shard, failed.allocation(), to);
                    case Event.Tcp tcp -> {
                        assertThat(to).isEqualTo(peers.clientBehind(tcp));
                        yield Objects.requireNonNull(peers.requestBehind(tcp));
                    }
                    case Event.IcmpReceived _,
                            Event.ClientClosed _,
                            Event.DataReceived _,
                            Event.TimePassed _ ->
                            throw new AssertionError("an answer to nothing: " + answer);
                };
        assertThat(answer.transactionId()).isEqualTo(request.transactionId());
        assertThat(answer.method()).isEqualTo(request.method());
        return request;
    }

    private StunMessage pendingRequest(int shard, AllocationId id, FiveTuple to) {
        LedgerEntry entry = entry(shard, id);
        assertThat(entry.abandoned).as("an answer to a client that is gone").isFalse();
        assertThat(to).isEqualTo(entry.client);
        return entry.request;
    }

    private void granted(int shard, StunMessage request, FiveTuple to, StunMessage answer) {
        if (request.method() == Method.BINDING || request.method() == Method.CONNECTION_BIND) {
            tally.count("granted: " + request.method());
            return;
        }
        LedgerEntry entry = owned(shard, to);
        if (entry == null) { // an answer to a deletion, which has been executed before it
            assertThat(LedgerEntry.isDeletion(request)).as("success for nobody").isTrue();
            return;
        }
        tally.count("granted: " + request.method());
        if (entry.username.equals(Names.BEARER)) {
            countGrantByToken(entry, request, answer);
        }
        entry.granted(request, answer, clock.getAsLong());
    }

    private void countGrantByToken(LedgerEntry entry, StunMessage request, StunMessage answer) {
        tally.count("granted by token: " + request.method());
        if (answer.find(LIFETIME)
                .filter(s -> s < policy.defaultLifetime().toSeconds())
                .isPresent()) {
            tally.count("lifetime cut by token");
        }
        if (request.method() == Method.REFRESH && !Names.owner(request).equals(entry.owner)) {
            tally.count("refreshed by another token");
        }
    }

    private void refused(int shard, StunMessage request, FiveTuple to, ErrorCode code) {
        switch (code) {
            case ALLOCATION_MISMATCH -> {
                boolean pending =
                        entries.values().stream()
                                .anyMatch(
                                        entry ->
                                                entry.shard == shard
                                                        && entry.client.equals(to)
                                                        && entry.isPending()
                                                        && !entry.abandoned);
                boolean exists = owned(shard, to) != null;
                boolean justified =
                        shows(request)
                                ? exists || pending || shown(request) == null
                                : request.method() == Method.ALLOCATE ? exists || pending : !exists;
                assertThat(justified).as("a mismatch of %s", request).isTrue();
            }
            case WRONG_CREDENTIALS ->
                    assertThat(
                                    Objects.requireNonNull(
                                                    shows(request)
                                                            ? shown(request)
                                                            : owned(shard, to))
                                            .username)
                            .isNotEqualTo(Names.username(request));
            case ALLOCATION_QUOTA_REACHED -> {
                boolean fullOfUser = countOf(Names.owner(request)) == allocationsPerUser;
                assertThat(fullOfUser || shared.isFull(entries.values(), to.client().getAddress()))
                        .as("a quota")
                        .isTrue();
            }
            case BAD_REQUEST,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    UNKNOWN_ATTRIBUTE,
                    STALE_NONCE,
                    ADDRESS_FAMILY_NOT_SUPPORTED,
                    UNSUPPORTED_TRANSPORT_PROTOCOL,
                    PEER_ADDRESS_FAMILY_MISMATCH,
                    INSUFFICIENT_CAPACITY -> {}
            case CONNECTION_ALREADY_EXISTS -> peers.refused(request, owned(shard, to));
            case CONNECTION_TIMEOUT_OR_FAILURE ->
                    assertThat(request.method()).isEqualTo(Method.CONNECT);
            case TRY_ALTERNATE, MOBILITY_FORBIDDEN, ROLE_CONFLICT, SERVER_ERROR ->
                    throw new AssertionError("this server never says " + code);
        }
    }

    private static boolean shows(StunMessage request) {
        return request.method() == Method.REFRESH && request.has(MOBILITY_TICKET);
    }

    /// The allocation whose ticket a request shows, or null if it is over.
    private @Nullable LedgerEntry shown(StunMessage request) {
        Ticket ticket =
                Ticket.of(
                        new TestSeal()
                                .open(request.find(MOBILITY_TICKET).orElseThrow())
                                .orElseThrow());
        LedgerEntry entry = entries.get(new Name(ticket.home(), ticket.allocation()));
        return entry == null || !entry.isLive() ? null : entry;
    }

    private void asked(int shard, Event event, Effect.OpenRelay open) {
        Event.MessageReceived received = (Event.MessageReceived) event;
        assertThat(open.client()).isEqualTo(received.from());
        entries.computeIfAbsent(
                        new Name(shard, open.allocation()),
                        _ -> new LedgerEntry(shard, received.from(), received.message(), policy))
                .asked(open.spec().family());
        if (open.spec().port() instanceof PortChoice.Reserved(InetSocketAddress claimed)) {
            tally.count("reservation claimed");
            Reservation reservation = reserved.remove(claimed);
            assertThat(reservation).as("a reservation of %s", claimed).isNotNull();
            assertThat(Objects.requireNonNull(reservation).username())
                    .as("who reserved %s", claimed)
                    .isEqualTo(Names.username(received.message()));
        }
    }

    private void begun(int shard, Effect.AllocationOpened opened) {
        LedgerEntry entry = entry(shard, opened.allocation());
        assertThat(owned(shard, opened.client())).as("the allocation before").isNull();
        assertThat(entry.client).isEqualTo(opened.client());
        entry.begun(opened, clock.getAsLong());
        if (!ClientCredentials.realm(opened.username()).equals(ClientCredentials.REALM_NAME)) {
            tally.count("allocation in another realm");
        }
    }

    private void released(InetSocketAddress relayed, Event event) {
        Reservation reservation = reserved.remove(relayed);
        assertThat(reservation).as("a reservation of %s to release", relayed).isNotNull();
        boolean due = Objects.requireNonNull(reservation).deadlineNanos() <= clock.getAsLong();
        assertThat(due || event instanceof Event.RelayOpened || event instanceof Event.RelayFailed)
                .as("the release of %s", relayed)
                .isTrue();
        tally.count("reservation released");
    }

    private void checkNumberOfOutcomes(int shard, Event event, int answers, int drops, int opens) {
        switch (event) {
            case Event.MessageReceived(_, var message, _) -> {
                int opening = Math.min(opens, 1);
                assertThat(answers + drops + opening).as("outcomes of %s", message).isEqualTo(1);
                if (message.messageClass() != MessageClass.REQUEST) {
                    assertThat(drops).as("%s", message).isEqualTo(1);
                }
            }
            case Event.RelayOpened opened ->
                    assertThat(answers).isEqualTo(answersDue(shard, opened.allocation()));
            case Event.RelayFailed failed ->
                    assertThat(answers).isEqualTo(answersDue(shard, failed.allocation()));
            case Event.ClientClosed(var client) -> {
                assertThat(answers).isZero();
                assertThat(owned(shard, client)).isNull();
            }
            case Event.Tcp tcp -> assertThat(answers).isEqualTo(peers.isAwaited(tcp) ? 1 : 0);
            case Event.IcmpReceived _, Event.DataReceived _, Event.TimePassed _ ->
                    assertThat(answers).isZero();
        }
    }

    private int answersDue(int shard, AllocationId id) {
        LedgerEntry entry = entry(shard, id);
        return entry.isPending() || entry.abandoned ? 0 : 1;
    }

    /// What has expired by now is closed by now, and what is over is forgotten.
    private void forgetDone(int shard) {
        long now = clock.getAsLong();
        entries.values().stream()
                .filter(entry -> entry.shard == shard)
                .forEach(entry -> entry.checkNothingExpired(now));
        entries.values().removeIf(entry -> entry.shard == shard && entry.isOver());
        reserved.forEach(
                (relayed, reservation) ->
                        assertThat(
                                        reservation.shard() == shard
                                                && reservation.deadlineNanos() <= now)
                                .as("reservation of %s outlived its time", relayed)
                                .isFalse());
    }

    /// Every shard has done what it was asked to: the shared tables say what the ledger says.
    void settled() {
        assertThat(quotas.held()).isEqualTo(entries.size()).isLessThanOrEqualTo(allocationLimit);
        shared.settled(entries.values());
        assertThat(reservations.held())
                .isEqualTo(reserved.size())
                .isLessThanOrEqualTo(reservationLimit);
        entries.values()
                .forEach(
                        entry ->
                                assertThat(countOf(entry.owner))
                                        .as("allocations of %s", entry.owner)
                                        .isLessThanOrEqualTo(allocationsPerUser));
    }

    boolean isEmpty() {
        return entries.isEmpty() && reserved.isEmpty();
    }

    private long countOf(String owner) {
        return entries.values().stream().filter(entry -> entry.owner.equals(owner)).count();
    }

    void channelRead(int shard, AllocationId id, int number, @Nullable InetSocketAddress peer) {
        assertThat(peer)
                .as("peer of channel 0x%x", number)
                .isEqualTo(entry(shard, id).peerOf(number, clock.getAsLong()));
    }

    void channelToRead(
            int shard, AllocationId id, InetSocketAddress peer, @Nullable Integer number) {
        assertThat(number)
                .as("channel to %s", peer)
                .isEqualTo(entry(shard, id).channelTo(peer, clock.getAsLong()));
    }

    void permissionRead(
            int shard, AllocationId id, InetSocketAddress peer, @Nullable DropReason refusal) {
        boolean permitted = entry(shard, id).permits(peer.getAddress(), clock.getAsLong());
        DropReason expected = permitted ? policyOn(peer) : DropReason.NO_PERMISSION;
        assertThat(refusal).as("refusal of %s", peer).isEqualTo(expected);
    }

    void policyRead(InetSocketAddress peer, @Nullable DropReason refusal) {
        assertThat(refusal).as("refusal of %s", peer).isEqualTo(policyOn(peer));
    }

    private @Nullable DropReason policyOn(InetSocketAddress peer) {
        return reachable.test(peer) ? null : DropReason.PEER_DENIED;
    }

    private LedgerEntry entry(int shard, AllocationId id) {
        LedgerEntry entry = entries.get(new Name(shard, id));
        assertThat(entry).as("an allocation %s of shard %d", id, shard).isNotNull();
        return Objects.requireNonNull(entry);
    }

    private boolean isTaken(int shard, FiveTuple client) {
        return owned(shard, client) != null
                || entries.values().stream()
                        .filter(entry -> entry.shard == shard && entry.client.equals(client))
                        .anyMatch(entry -> entry.isPending() && !entry.abandoned);
    }

    private @Nullable LedgerEntry owned(int shard, FiveTuple client) {
        return entries.values().stream()
                .filter(entry -> entry.shard == shard)
                .filter(entry -> entry.owns(client) && entry.isLive())
                .findFirst()
                .orElse(null);
    }
}
