package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a [Ledger] knows of one allocation.
final class LedgerEntry {

    private record Binding(InetSocketAddress peer, long deadlineNanos) {}

    final int shard;
    FiveTuple client;

    /// Where it was asked for from.
    final InetAddress source;

    final StunMessage request;
    final String username;
    final String owner;
    private final TurnPolicy policy;
    private final Set<AddressFamily> awaited = EnumSet.noneOf(AddressFamily.class);
    private final Map<AddressFamily, InetSocketAddress> relays = new EnumMap<>(AddressFamily.class);
    private final Map<AddressFamily, Long> deadlines = new EnumMap<>(AddressFamily.class);
    private final Map<InetAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Binding> channels = new HashMap<>();
    private boolean live;
    boolean abandoned;

    private final boolean mobile;
    private @Nullable FiveTuple next;
    private boolean away;
    private String ticket = "";

    LedgerEntry(int shard, FiveTuple client, StunMessage request, TurnPolicy policy) {
        this.shard = shard;
        this.client = client;
        source = client.client().getAddress();
        this.request = request;
        this.policy = policy;
        mobile = request.has(MOBILITY_TICKET);
        username = Names.username(request);
        owner = Names.owner(request);
    }

    /// Whom it counts for.
    HoldingLedger.Holding holding() {
        return new HoldingLedger.Holding(owner, source);
    }

    /// Whether it has not ended, nor failed to begin.
    boolean isThere() {
        return !isOver();
    }

    /// Whether a place for a reservation is held for it.
    boolean holdsPlace() {
        return isPending() && request.find(EVEN_PORT).orElse(false);
    }

    /// What it has of that kind, besides reservations and connections with peers.
    int held(Resource resource) {
        return switch (resource) {
            case ALLOCATION -> 1;
            case PERMISSION -> permissions.size();
            case CHANNEL -> channels.size();
            case MOVE -> next == null ? 0 : 1;
            case RESERVATION, PEER_CONNECTION, AUTHENTICATION ->
                    throw new IllegalArgumentException("counted elsewhere: " + resource);
        };
    }

    /// How many more of that kind it would have if a request of its client were granted.
    int wanted(Resource resource, StunMessage request) {
        List<InetSocketAddress> named = request.findAll(XOR_PEER_ADDRESS);
        return switch (resource) {
            case PERMISSION ->
                    (int)
                            named.stream()
                                    .map(peer -> Names.canonical(peer.getAddress()))
                                    .distinct()
                                    .filter(peer -> !permissions.containsKey(peer))
                                    .count();
            case CHANNEL ->
                    channels.containsKey(request.find(CHANNEL_NUMBER).orElseThrow()) ? 0 : 1;
            case MOVE -> away || next != null ? 0 : 1;
            case ALLOCATION, RESERVATION, PEER_CONNECTION, AUTHENTICATION ->
                    throw new IllegalArgumentException("not of an allocation: " + resource);
        };
    }

    /// Its shard has done what was due.
    void expire(long now) {
        permissions.values().removeIf(deadline -> deadline <= now);
        channels.values().removeIf(binding -> binding.deadlineNanos() <= now);
    }

    boolean isPending() {
        return !awaited.isEmpty();
    }

    /// Whether that is a 5-tuple of this allocation.
    boolean owns(FiveTuple tuple) {
        return (tuple.equals(client) && !away) || tuple.equals(next);
    }

    /// A new 5-tuple for whoever showed the latest ticket by it.
    void pathAdded(FiveTuple path, Event event) {
        assertThat(mobile && live && !away && next == null).as("a move").isTrue();
        assertShownBy(path, event);
        next = path;
    }

    void pathRemoved(FiveTuple path, Event event) {
        if (path.equals(next)) {
            next = null;
        } else {
            assertThat(event).isEqualTo(new Event.ClientClosed(path));
            assertThat(path).isEqualTo(client);
            assertThat(mobile && !away && next == null).as("a client that is away").isTrue();
            away = true;
        }
    }

    void moved(FiveTuple from, FiveTuple to, Event event) {
        assertThat(from).isEqualTo(client);
        if (away) {
            assertShownBy(to, event);
        } else {
            assertThat(to).isEqualTo(next);
            assertThat(event).isIn(new Event.DataReceived(to), new Event.ClientClosed(from));
        }
        client = to;
        next = null;
        away = false;
    }

    private void assertShownBy(FiveTuple path, Event event) {
        Event.MessageReceived received = (Event.MessageReceived) event;
        assertThat(received.from()).isEqualTo(path);
        assertThat(username).isEqualTo(Names.username(received.message()));
        assertThat(ticketOf(received.message())).as("the latest ticket").isEqualTo(ticket);
    }

    private static String ticketOf(StunMessage message) {
        return HexFormat.of().formatHex(message.find(MOBILITY_TICKET).orElse(new byte[0]));
    }

    boolean isLive() {
        return live;
    }

    boolean isOver() {
        return !live && awaited.isEmpty() && relays.isEmpty();
    }

    void asked(AddressFamily family) {
        assertThat(live || relays.containsKey(family)).as("a second relay").isFalse();
        assertThat(awaited.add(family)).as("one OpenRelay of %s", family).isTrue();
    }

    void opened(AddressFamily family, InetSocketAddress relayed) {
        assertThat(awaited.remove(family)).isTrue();
        relays.put(family, relayed);
    }

    void failed(AddressFamily family) {
        assertThat(awaited.remove(family)).isTrue();
    }

    void begun(Effect.AllocationOpened opened, long now) {
        assertThat(isPending() || abandoned || live).as("opened too early, or late").isFalse();
        assertThat(opened.relayed()).containsExactlyInAnyOrderElementsOf(relays.values());
        assertThat(opened.relayed()).isNotEmpty();
        live = true;
        relays.keySet().forEach(family -> prolong(family, opened.lifetimeSeconds(), now));
    }

    void ended(FiveTuple tuple) {
        assertThat(tuple).isEqualTo(client);
        assertThat(live && relays.isEmpty()).as("the end of what is over").isTrue();
        live = false;
    }

    /// A relay is to be closed; there has to be one, and a reason.
    void closed(AddressFamily family, Event event, long now) {
        assertThat(relays.remove(family)).as("an open relay of %s", family).isNotNull();
        Long deadline = deadlines.remove(family);
        boolean expired = deadline != null && deadline <= now;
        boolean reason =
                switch (event) {
                    case Event.MessageReceived(var from, var message, _) ->
                            isDeletion(message)
                                    && (owns(from)
                                            || (!ticket.isEmpty()
                                                    && ticketOf(message).equals(ticket)));
                    case Event.ClientClosed(var tuple) -> tuple.equals(client) && !mobile;
                    // An access token may not last until its relay is open.
                    case Event.RelayOpened _, Event.RelayFailed _ ->
                            abandoned || username.equals(Names.BEARER);
                    case Event.CredentialsFound _,
                            Event.LookUpFailed _,
                            Event.Tcp _,
                            Event.IcmpReceived _,
                            Event.DataReceived _,
                            Event.TimePassed _ ->
                            false;
                };
        assertThat(expired || reason).as("a reason to close %s at %s", family, event).isTrue();
        permissions.keySet().removeIf(peer -> AddressFamily.of(peer) == family);
        channels.values()
                .removeIf(binding -> AddressFamily.of(binding.peer().getAddress()) == family);
    }

    static boolean isDeletion(StunMessage request) {
        return request.method() == Method.REFRESH
                && request.find(LIFETIME).filter(seconds -> seconds == 0).isPresent();
    }

    /// Takes down what a success response grants, if it may be granted.
    void granted(StunMessage request, StunMessage answer, long now) {
        assertThat(username).as("who was answered").isEqualTo(Names.username(request));
        assertThat(live && !relays.isEmpty()).as("an open relay behind a success").isTrue();
        switch (request.method()) {
            case ALLOCATE -> {
                assertThat(answer.findAll(XOR_RELAYED_ADDRESS))
                        .containsExactlyInAnyOrderElementsOf(relays.values());
                assertThat(answer.find(LIFETIME)).isPresent();
                assertThat(answer.has(MOBILITY_TICKET)).isEqualTo(mobile);
                ticket = ticketOf(answer);
            }
            case REFRESH -> {
                boolean repeated = mobile && ticketOf(answer).equals(ticket);
                if (!repeated) { // else an answer that has been given before
                    refreshed(request, answer.find(LIFETIME).orElseThrow(), now);
                }
                assertThat(answer.has(MOBILITY_TICKET)).isEqualTo(request.has(MOBILITY_TICKET));
                ticket = answer.has(MOBILITY_TICKET) ? ticketOf(answer) : ticket;
            }
            case CREATE_PERMISSION ->
                    request.findAll(XOR_PEER_ADDRESS)
                            .forEach(peer -> permitted(peer.getAddress(), now));
            case CHANNEL_BIND -> {
                InetSocketAddress named = request.find(XOR_PEER_ADDRESS).orElseThrow();
                bound(request.find(CHANNEL_NUMBER).orElseThrow(), Names.canonical(named), now);
                permitted(named.getAddress(), now);
            }
            case CONNECT -> {}
            case BINDING, SEND, DATA, CONNECTION_BIND, CONNECTION_ATTEMPT ->
                    throw new AssertionError("success of " + request);
        }
    }

    private void refreshed(StunMessage request, long seconds, long now) {
        if (isDeletion(request)) { // of one relay of two
            assertThat(seconds).isZero();
            return;
        }
        boolean byToken = username.equals(Names.BEARER); // which may have less time left
        assertThat(seconds)
                .isBetween(
                        byToken ? 1 : policy.defaultLifetime().toSeconds(),
                        policy.maxLifetime().toSeconds());
        for (AddressFamily family : relays.keySet()) {
            int code = request.find(REQUESTED_ADDRESS_FAMILY).orElse(family.code());
            if (code == family.code()) {
                prolong(family, seconds, now);
            }
        }
    }

    private void prolong(AddressFamily family, long seconds, long now) {
        deadlines.put(family, now + Duration.ofSeconds(seconds).toNanos());
    }

    private void permitted(InetAddress named, long now) {
        InetAddress peer = Names.canonical(named);
        assertThat(relays).as("a relay towards %s", peer).containsKey(AddressFamily.of(peer));
        permissions.put(peer, now + policy.permissionLifetime().toNanos());
        assertThat(permissions).hasSizeLessThanOrEqualTo(policy.permissionsPerAllocation());
    }

    private void bound(int number, InetSocketAddress peer, long now) {
        Binding before = channels.get(number);
        assertThat(before == null || before.peer().equals(peer))
                .as("0x%x stays with its peer %s", number, before)
                .isTrue();
        channels.forEach(
                (other, binding) ->
                        assertThat(binding.peer().equals(peer) && other != number)
                                .as("%s has a channel already: 0x%x", peer, other)
                                .isFalse());
        channels.put(number, new Binding(peer, now + policy.channelLifetime().toNanos()));
        assertThat(channels).hasSizeLessThanOrEqualTo(policy.channelsPerAllocation());
    }

    void checkNothingExpired(long now) {
        deadlines.forEach(
                (family, deadline) ->
                        assertThat(deadline)
                                .as("the relay of %s outlived its time", family)
                                .isGreaterThan(now));
    }

    boolean permits(InetAddress peer, long now) {
        Long deadline = permissions.get(peer);
        return deadline != null && deadline > now;
    }

    @Nullable InetSocketAddress peerOf(int number, long now) {
        Binding binding = channels.get(number);
        return binding != null && binding.deadlineNanos() > now ? binding.peer() : null;
    }

    @Nullable Integer channelTo(InetSocketAddress peer, long now) {
        return channels.entrySet().stream()
                .filter(entry -> entry.getValue().deadlineNanos() > now)
                .filter(entry -> entry.getValue().peer().equals(peer))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
