package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The part of the [Ledger] on connections with peers: what cores may do about them follows from
/// what they did before.
final class PeerLedger {

    private static final long BIND_NANOS = Duration.ofSeconds(30).toNanos();

    private enum State {
        OPENING,
        WAITING,
        BOUND
    }

    private static final class Link {
        final int shard;
        final LedgerEntry entry;
        final InetSocketAddress peer;
        final @Nullable StunMessage request;
        State state = State.OPENING;
        long deadlineNanos = Long.MAX_VALUE;

        Link(int shard, LedgerEntry entry, InetSocketAddress peer, @Nullable StunMessage request) {
            this.shard = shard;
            this.entry = entry;
            this.peer = peer;
            this.request = request;
        }
    }

    private final Predicate<InetSocketAddress> reachable;
    private final LongSupplier clock;
    private final Map<ConnectionId, Link> links = new HashMap<>();

    PeerLedger(Predicate<InetSocketAddress> reachable, LongSupplier clock) {
        this.reachable = reachable;
        this.clock = clock;
    }

    /// The Connect request that such an event is the answer to, or null if nobody waits.
    @Nullable StunMessage requestBehind(Event.Tcp event) {
        Link link =
                switch (event) {
                    case Event.Tcp.Connected(var id) -> links.get(id);
                    case Event.Tcp.Failed(var id, _) -> links.get(id);
                    case Event.Tcp.Arrived _, Event.Tcp.Closed _ -> null;
                };
        return link == null ? null : link.request;
    }

    FiveTuple clientBehind(Event.Tcp event) {
        ConnectionId id =
                event instanceof Event.Tcp.Connected(var connected)
                        ? connected
                        : ((Event.Tcp.Failed) event).id();
        return Objects.requireNonNull(links.get(id)).entry.client;
    }

    /// Whether that event has to bring about exactly one answer.
    boolean isAwaited(Event.Tcp event) {
        return requestBehind(event) != null;
    }

    /// Takes note of an event once what came of it has been checked.
    void happened(Event.Tcp event) {
        switch (event) {
            case Event.Tcp.Connected(var id) -> {
                Link link = links.get(id);
                if (link != null) {
                    waits(link);
                }
            }
            case Event.Tcp.Failed(var id, _) -> links.remove(id);
            case Event.Tcp.Closed(var id) -> links.remove(id);
            case Event.Tcp.Arrived _ -> {}
        }
    }

    private void waits(Link link) {
        link.state = State.WAITING;
        link.deadlineNanos = clock.getAsLong() + BIND_NANOS;
    }

    void wanted(int shard, Event event, Effect.Tcp effect, LedgerEntry entry) {
        switch (effect) {
            case Effect.Tcp.Connect(_, var id, var peer) -> {
                Event.MessageReceived asked = (Event.MessageReceived) event;
                assertThat(asked.from()).isEqualTo(entry.client);
                assertThat(reachable.test(peer)).as("a peer to connect to: %s", peer).isTrue();
                add(id, new Link(shard, entry, peer, asked.message()));
            }
            case Effect.Tcp.Admit(_, _, var id) -> {
                InetSocketAddress peer = ((Event.Tcp.Arrived) event).peer();
                assertThat(entry.permits(peer.getAddress(), clock.getAsLong()))
                        .as("a permission for %s", peer)
                        .isTrue();
                Link link = new Link(shard, entry, peer, null);
                add(id, link);
                waits(link);
            }
            case Effect.Tcp.TurnAway _,
                    Effect.Tcp.Announce _,
                    Effect.Tcp.Join _,
                    Effect.Tcp.Close _ ->
                    throw new IllegalArgumentException("of no allocation: " + effect);
        }
    }

    private void add(ConnectionId id, Link link) {
        assertThat(link.entry.isLive()).as("an allocation to connect").isTrue();
        assertThat(links.values())
                .as("connections of one allocation with %s", link.peer)
                .noneMatch(other -> other.entry.equals(link.entry) && other.peer.equals(link.peer));
        assertThat(links.put(id, link)).as("an id that is taken").isNull();
        assertThat(of(link.entry)).isLessThanOrEqualTo(WorldSettings.CONNECTIONS_PER_ALLOCATION);
    }

    private long of(LedgerEntry entry) {
        return links.values().stream().filter(link -> link.entry.equals(entry)).count();
    }

    /// Whose all connections are that there are.
    List<HoldingLedger.Holding> holdings() {
        return links.values().stream().map(link -> link.entry.holding()).toList();
    }

    boolean isFull(LedgerEntry entry) {
        return of(entry) >= WorldSettings.CONNECTIONS_PER_ALLOCATION;
    }

    void joined(StunMessage request, ConnectionId id) {
        Link link = Objects.requireNonNull(links.get(id), "a connection that is not there");
        assertThat(link.state).isEqualTo(State.WAITING);
        assertThat(link.entry.username).isEqualTo(Names.username(request));
        link.state = State.BOUND;
        link.deadlineNanos = Long.MAX_VALUE;
    }

    void closed(ConnectionId id, PeerCloseReason reason) {
        Link link = Objects.requireNonNull(links.remove(id), "a connection that is not there");
        if (reason == PeerCloseReason.NOT_BOUND) {
            assertThat(link.state).isEqualTo(State.WAITING);
            assertThat(link.deadlineNanos).isLessThanOrEqualTo(clock.getAsLong());
        }
    }

    /// A client was told that it is connected with that peer already.
    void refused(StunMessage request, @Nullable LedgerEntry entry) {
        InetSocketAddress peer = Names.canonical(request.find(XOR_PEER_ADDRESS).orElseThrow());
        assertThat(links.values())
                .anyMatch(link -> link.entry.equals(entry) && link.peer.equals(peer));
    }

    /// Nothing outlives its time or its allocation.
    void check(int shard) {
        long now = clock.getAsLong();
        links.values().stream()
                .filter(link -> link.shard == shard)
                .forEach(
                        link -> {
                            assertThat(link.deadlineNanos).isGreaterThan(now);
                            assertThat(link.entry.isLive())
                                    .as("the allocation of %s", link.peer)
                                    .isTrue();
                        });
    }
}
