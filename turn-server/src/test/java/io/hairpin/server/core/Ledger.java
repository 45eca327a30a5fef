package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A second opinion on all that a server's cores do: learns from their answers what they have
/// granted, and checks that everything else follows from that. Shared by the shards.
final class Ledger {

    private record Reservation(
            int shard, String username, HoldingLedger.Holding holding, long deadlineNanos) {}

    private final TurnPolicy policy;
    private final Reservations reservations;
    private final HoldingLedger holdings;
    private final LongSupplier clock;
    private final Tally tally;

    private final SimulatedLimits shared;
    private final PeerLedger peers;
    private final LookUpLedger lookUps;
    private final @Nullable StrangerLedger strangers;
    private final LedgerEntries entries = new LedgerEntries();
    private final LedgerAnswers answers;
    private final LedgerReads reads;
    private final Map<InetSocketAddress, Reservation> reserved = new HashMap<>();

    /// @param reachable whether the peer policy lets anybody reach a transport address now
    Ledger(
            TurnPolicy policy,
            StrangerLedger.@Nullable Shares shares,
            HoldingLedger holdings,
            Reservations reservations,
            SimulatedLimits shared,
            Predicate<InetSocketAddress> reachable,
            LongSupplier clock,
            Tally tally) {
        this.policy = policy;
        this.holdings = holdings;
        this.reservations = reservations;
        this.shared = shared;
        this.clock = clock;
        this.tally = tally;
        lookUps = new LookUpLedger(clock, tally);
        strangers = shares == null ? null : new StrangerLedger(shares, clock);
        peers =
                new PeerLedger(
                        peer -> reachable.test(peer) && peer.getPort() != WorldSettings.CLOSED_PORT,
                        clock);
        answers =
                new LedgerAnswers(
                        policy, entries, peers, lookUps, holdings, this::reserving, clock, tally);
        reads = new LedgerReads(entries, reachable, clock);
    }

    SimulatedLimits shared() {
        return shared;
    }

    /// What the data path may do.
    LedgerReads reads() {
        return reads;
    }

    /// A relay is open, and the core is about to hear of it.
    void opened(int shard, AllocationId id, FiveTuple client) {
        LedgerEntry entry = entries.at(shard, id);
        assertThat(entry.client).isEqualTo(client);
        if (entry.abandoned) {
            tally.count("relay opened too late");
        }
    }

    /// Checks what a core wants done about an event, and takes note of it.
    void handled(int shard, Event happened, List<Effect> effects) {
        int answered = 0;
        int drops = 0;
        int opens = 0;
        Event about = lookUps.about(shard, happened);
        Event event = about == null ? new Event.TimePassed() : about;
        boolean isLookedUp = !event.equals(happened);
        entries.all().stream()
                .filter(entry -> entry.shard == shard)
                .forEach(entry -> entry.expire(clock.getAsLong()));
        note(shard, event);
        if (strangers != null
                && event instanceof Event.MessageReceived(var from, _, _)
                && from.transport() == Transport.UDP) {
            boolean expired =
                    effects.stream().anyMatch(each -> each instanceof Effect.AllocationClosed);
            if (isLookedUp) {
                strangers.lookedUp(from, effects);
            } else {
                strangers.handled(from, !expired && isTaken(shard, from), effects);
            }
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Send(var to, var message) -> {
                    answered++;
                    answers.granted(shard, event, to, message);
                }
                case Effect.SendElsewhere(var asked, var path, var message) -> {
                    answered++;
                    assertThat(answers.request(shard, event, asked, message).method())
                            .isEqualTo(Method.BINDING);
                    assertThat(path.client().getAddress()).isEqualTo(asked.client().getAddress());
                    tally.count("answered elsewhere");
                }
                case Effect.Reject refusal -> {
                    if (!lookUps.timedOut(shard, refusal)) {
                        answered++;
                        answers.refused(shard, event, refusal);
                    }
                }
                case Effect.LookUpCredentials lookUp -> {
                    opens++; // what comes of it is the answer
                    assertThat(isLookedUp).as("looked up again").isFalse();
                    lookUps.began(shard, event, lookUp);
                }
                case Effect.Indicate(var to, var message) -> told(shard, event, to, message);
                case Effect.OpenRelay open -> {
                    opens++;
                    asked(shard, event, open);
                }
                case Effect.CloseRelay(var id, var family) ->
                        entries.at(shard, id).closed(family, event, clock.getAsLong());
                case Effect.ReleasePort(var relayed) -> released(relayed, event);
                case Effect.AllocationOpened opened -> begun(shard, opened);
                case Effect.AllocationClosed(var id, var client, _) ->
                        entries.at(shard, id).ended(client);
                case Effect.Tcp tcp -> opens += wanted(shard, event, tcp);
                case Effect.PathAdded(var id, var path) -> {
                    assertThat(entries.owned(shard, path)).as("the allocation before").isNull();
                    entries.at(shard, id).pathAdded(path, event);
                }
                case Effect.PathRemoved(var id, var path) ->
                        entries.at(shard, id).pathRemoved(path, event);
                case Effect.ClientMoved(var id, var from, var to) ->
                        entries.at(shard, id).moved(from, to, event);
                case Effect.HandOver(var from, _, int home) -> {
                    opens++; // the home answers
                    assertThat(home).isNotEqualTo(shard);
                    assertThat(entries.owned(shard, from)).isNull();
                }
                case Effect.Drop(var from, _) -> {
                    drops++;
                    assertThat(from).isEqualTo(sender(shard, event));
                }
            }
        }
        checkNumberOfOutcomes(shard, event, answered, drops, opens);
        if (event instanceof Event.Tcp tcp) {
            peers.happened(tcp);
        }
        peers.check(shard);
        lookUps.checkNoneIsOverdue(shard);
        forgetDone(shard);
    }

    /// How many more answers will come for what a core wants done about peers.
    private int wanted(int shard, Event event, Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(var allocation, _, _) -> {
                peers.wanted(shard, event, effect, entries.at(shard, allocation));
                return 1;
            }
            case Effect.Tcp.Admit(var allocation, _, _) ->
                    peers.wanted(shard, event, effect, entries.at(shard, allocation));
            case Effect.Tcp.Join(_, var id) ->
                    peers.joined(((Event.MessageReceived) event).message(), id);
            case Effect.Tcp.Close(var id, var reason) -> peers.closed(id, reason);
            case Effect.Tcp.TurnAway(var allocation, _, var reason) -> {
                if (reason == DropReason.CONNECTION_LIMIT) {
                    checkFull(entries.at(shard, allocation));
                }
            }
            case Effect.Tcp.Announce _ -> {}
        }
        return 0;
    }

    /// There is no room for one more connection of that allocation.
    private void checkFull(LedgerEntry entry) {
        boolean full =
                peers.isFull(entry)
                        || !holdings.full(
                                        Resource.PEER_CONNECTION,
                                        1,
                                        entry.holding(),
                                        peers.holdings())
                                .isEmpty();
        assertThat(full).as("a limit of connections").isTrue();
    }

    private void note(int shard, Event event) {
        switch (event) {
            case Event.RelayOpened opened -> {
                entries.at(shard, opened.allocation()).opened(opened.family(), opened.relayed());
                if (opened.reserved() != null) {
                    reserved.put(
                            opened.reserved(),
                            new Reservation(
                                    shard,
                                    entries.at(shard, opened.allocation()).username,
                                    entries.at(shard, opened.allocation()).holding(),
                                    clock.getAsLong() + policy.reservationLifetime().toNanos()));
                }
            }
            case Event.RelayFailed failed ->
                    entries.at(shard, failed.allocation()).failed(failed.family());
            case Event.ClientClosed(var client) -> {
                lookUps.clientClosed(shard, client);
                entries.all().stream()
                        .filter(entry -> entry.shard == shard && entry.client.equals(client))
                        .filter(LedgerEntry::isPending)
                        .forEach(entry -> entry.abandoned = true);
            }
            case Event.CredentialsFound _,
                    Event.LookUpFailed _,
                    Event.Tcp _,
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
            case Event.IcmpReceived received -> entries.at(shard, received.allocation()).client;
            case Event.CredentialsFound _,
                    Event.LookUpFailed _,
                    Event.RelayOpened _,
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
        LedgerEntry entry = entries.at(shard, received.allocation());
        assertThat(to).isEqualTo(entry.client);
        assertThat(entry.isLive()).isTrue();
        assertThat(entry.permits(received.peer().getAddress(), clock.getAsLong())).isTrue();
        assertThat(indication.find(Attributes.XOR_PEER_ADDRESS)).contains(received.peer());
        assertThat(indication.has(Attributes.ICMP)).isTrue();
        assertThat(indication.has(Attributes.DATA)).isFalse();
    }

    private void asked(int shard, Event event, Effect.OpenRelay open) {
        Event.MessageReceived received = (Event.MessageReceived) event;
        assertThat(open.client()).isEqualTo(received.from());
        entries.atOrMade(
                        shard,
                        open.allocation(),
                        () -> new LedgerEntry(shard, received.from(), received.message(), policy))
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
        LedgerEntry entry = entries.at(shard, opened.allocation());
        assertThat(entries.owned(shard, opened.client())).as("the allocation before").isNull();
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
                assertThat(entries.owned(shard, client)).isNull();
            }
            case Event.Tcp tcp -> assertThat(answers).isEqualTo(peers.isAwaited(tcp) ? 1 : 0);
            case Event.CredentialsFound _,
                    Event.LookUpFailed _,
                    Event.IcmpReceived _,
                    Event.DataReceived _,
                    Event.TimePassed _ ->
                    assertThat(answers).isZero();
        }
    }

    private int answersDue(int shard, AllocationId id) {
        LedgerEntry entry = entries.at(shard, id);
        return entry.isPending() || entry.abandoned ? 0 : 1;
    }

    /// What has expired by now is closed by now, and what is over is forgotten.
    private void forgetDone(int shard) {
        long now = clock.getAsLong();
        entries.all().stream()
                .filter(entry -> entry.shard == shard)
                .forEach(entry -> entry.checkNothingExpired(now));
        entries.all().removeIf(entry -> entry.shard == shard && entry.isOver());
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
        for (Resource resource : Resource.values()) {
            holdings.settled(
                    resource,
                    switch (resource) {
                        case RESERVATION -> reserving();
                        case PEER_CONNECTION -> peers.holdings();
                        case AUTHENTICATION -> lookUps.holdings();
                        case ALLOCATION, PERMISSION, CHANNEL, MOVE -> entries.holdings(resource);
                    });
        }
        assertThat(reservations.held()).isEqualTo(reserved.size());
    }

    /// Who has a port reserved, or is about to.
    private List<HoldingLedger.Holding> reserving() {
        return Stream.concat(
                        reserved.values().stream().map(Reservation::holding),
                        entries.holdings(LedgerEntry::holdsPlace).stream())
                .toList();
    }

    boolean isEmpty() {
        return entries.isEmpty() && reserved.isEmpty() && lookUps.isEmpty();
    }

    private boolean isTaken(int shard, FiveTuple client) {
        return entries.owned(shard, client) != null || entries.isPending(shard, client);
    }
}
