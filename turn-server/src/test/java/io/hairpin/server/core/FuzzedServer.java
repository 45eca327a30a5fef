package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.server.core.ClientCredentials.Learned;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;

/// A core with a [Ledger] beside it and two clients, alice and bob, who do what bytes say.
///
/// Every step begins with a byte: bit 7 is who, bits 0 to 2 what, and bit 4 whether it is about
/// TCP relays.
///
/// ```
/// 0 Allocate 1 Refresh 2 CreatePermission 3 ChannelBind:
///                     a byte with the number of attributes, then for each
///                     two bytes of type, one of length, and the value
/// 4 time passes:      two bytes of seconds
/// 5 any message:      a byte of length, and the message
/// 6 a relay's answer: bit 3 says whether it has opened
/// 7 the client's connection closes, or with bit 3 an ICMP error arrives
///
/// 0 Connect:          as Allocate
/// 1 ConnectionBind:   by another connection; a byte says which of the ids that there were
/// 2 the answer to a Connect: bit 3 says whether it has succeeded
/// 3 a peer connects:  a byte each for the allocation and the peer, two for its port
/// 4 a connection with a peer ends: a byte says which
/// ```
final class FuzzedServer {

    private static final int MAX_STEPS = 64;
    private static final InetSocketAddress SERVER = TestAddresses.of("5.5.5.5:3478");
    private static final Map<AddressFamily, InetAddress> HOSTS =
            Map.of(
                    AddressFamily.IPV4, TestAddresses.host("5.5.5.5"),
                    AddressFamily.IPV6, TestAddresses.host("2a00:5::5"));
    private static final List<ClientCredentials> USERS =
            List.of(
                    new ClientCredentials("alice", "wonderland", Dialect.SHA256),
                    new ClientCredentials("bob", "builder", Dialect.CLASSIC));
    private static final List<FiveTuple> TUPLES =
            List.of(
                    new FiveTuple(Transport.UDP, TestAddresses.of("7.7.7.7:6000"), SERVER),
                    new FiveTuple(Transport.TCP, TestAddresses.of("7.7.7.7:6001"), SERVER),
                    new FiveTuple(Transport.TCP, TestAddresses.of("7.7.7.7:6002"), SERVER));

    /// Where data connections come from, whoever's they are.
    private static final int DATA = 2;

    private final Quotas quotas = new Quotas(3, 2);
    private final Reservations reservations = new Reservations(1);
    private final PeerConnections peerConnections = new PeerConnections(3);
    private final Queue<Effect.OpenRelay> opening = new ArrayDeque<>();
    private final TurnCore core;
    private final Ledger ledger;
    private final List<Learned> learned = new ArrayList<>();
    private long nowNanos;
    private long transactions;
    private int ports = 50_000;
    private final List<ConnectionId> ids = new ArrayList<>();
    private final Queue<ConnectionId> connecting = new ArrayDeque<>();
    private final List<ConnectionId> open = new ArrayList<>();
    private long arrivals;

    FuzzedServer() {
        InstantSource clock = () -> Instant.ofEpochSecond(1_800_000_000, nowNanos);
        Authenticator authenticator =
                new Authenticator(
                        ClientCredentials.REALM_NAME,
                        List.of(
                                new StaticUsers(
                                        ClientCredentials.REALM_NAME,
                                        Map.of("alice", "wonderland", "bob", "builder"))),
                        new Nonces(new byte[32], Duration.ofDays(1000), clock));
        TurnPolicy policy = TestPolicies.withLimits(3, 2);
        SimulatedLimits limits = SimulatedLimits.drawnFrom(new SplittableRandom(2), 1);
        core =
                new TurnCore(
                        new Realms(
                                new Realm(
                                        authenticator,
                                        policy,
                                        new PeerPolicy(
                                                List.of(), List.of(), new FakeOwnAddresses()),
                                        tcpPeers(),
                                        quotas)),
                        reservations,
                        new SplittableRandom(1),
                        new Extensions(
                                tcp(),
                                new BindingPolicy(true, discovery()),
                                null,
                                Redirection.NONE,
                                limits.shared()));
        ledger =
                new Ledger(
                        policy,
                        new Ledger.Limits(2, 3, 1),
                        quotas,
                        reservations,
                        limits,
                        _ -> true,
                        () -> nowNanos,
                        new Tally());
        for (FiveTuple tuple : TUPLES) {
            StunMessage bare = StunMessage.request(Method.ALLOCATE, transaction()).build();
            Effect.Reject challenge =
                    (Effect.Reject) handle(new Event.MessageReceived(tuple, bare)).getFirst();
            learned.add(Learned.from(challenge.message()));
        }
    }

    private TcpRelaying tcp() {
        return new TcpRelaying(
                WorldSettings.CONNECTIONS_PER_ALLOCATION, Duration.ofSeconds(30), peerConnections);
    }

    private static TcpPeers tcpPeers() {
        return new TcpPeers(
                PeerPolicy.forTcp(List.of(), List.of(), List.of(), new FakeOwnAddresses()),
                port -> port != WorldSettings.CLOSED_PORT);
    }

    private static NatDiscovery discovery() {
        InetAddress other = TestAddresses.host("5.5.5.6");
        return new NatDiscovery(
                new NatDiscovery.Host(SERVER.getAddress(), SERVER.getAddress()),
                new NatDiscovery.Host(other, other),
                SERVER.getPort(),
                SERVER.getPort() + 1,
                Set.of(Transport.UDP, Transport.TCP),
                new SourceRates(10, 20, 1));
    }

    /// A message from somebody who is not alice or bob.
    List<Effect> receives(StunMessage message) {
        FiveTuple stranger = new FiveTuple(Transport.UDP, TestAddresses.of("7.7.7.8:6000"), SERVER);
        return handle(new Event.MessageReceived(stranger, message));
    }

    void play(ByteBuffer script) {
        for (int step = 0; step < MAX_STEPS && script.hasRemaining(); step++) {
            int what = Byte.toUnsignedInt(script.get());
            int who = what >> 7;
            if ((what & 16) != 0) {
                playTcp(what, who, script);
                continue;
            }
            switch (what & 7) {
                case 0 -> request(who, Method.ALLOCATE, script);
                case 1 -> request(who, Method.REFRESH, script);
                case 2 -> request(who, Method.CREATE_PERMISSION, script);
                case 3 -> request(who, Method.CHANNEL_BIND, script);
                case 4 -> pass(Duration.ofSeconds((number(script) << 8) | number(script)));
                case 5 -> anyMessage(who, script);
                case 6 -> answer((what & 8) != 0);
                default -> {
                    if ((what & 8) == 0) {
                        handle(new Event.ClientClosed(TUPLES.get(who)));
                    } else {
                        icmp(script);
                    }
                }
            }
        }
    }

    private void playTcp(int what, int who, ByteBuffer script) {
        switch (what & 7) {
            case 0 -> request(who, Method.CONNECT, script);
            case 1 -> bind(who, chosen(ids, script));
            case 2 -> answerConnect((what & 8) != 0);
            case 3 -> arrive(script);
            case 4 -> {
                ConnectionId id = chosen(open, script);
                if (open.remove(id)) {
                    handle(new Event.Tcp.Closed(id));
                }
            }
            default -> {}
        }
    }

    private static ConnectionId chosen(List<ConnectionId> among, ByteBuffer script) {
        int number = number(script);
        return number < among.size() ? among.get(number) : new ConnectionId(number);
    }

    private void bind(int who, ConnectionId id) {
        StunMessage.Builder builder =
                StunMessage.request(Method.CONNECTION_BIND, transaction())
                        .with(Attributes.CONNECTION_ID, id.value());
        StunMessage signed = USERS.get(who).sign(builder, learned.get(DATA)).build();
        handle(new Event.MessageReceived(TUPLES.get(DATA), signed));
    }

    private void answerConnect(boolean succeeds) {
        ConnectionId id = connecting.poll();
        if (id == null) {
            return;
        }
        if (succeeds) {
            open.add(id);
        }
        handle(succeeds ? new Event.Tcp.Connected(id) : new Event.Tcp.Failed(id, "refused"));
    }

    /// Peers connect to TCP relays that there are, or were a moment ago.
    private void arrive(ByteBuffer script) {
        AllocationId id = new AllocationId(number(script));
        String peer = "8.8.8." + number(script);
        int port = (number(script) << 8) | number(script);
        Allocation allocation = core.allocation(id);
        if (allocation == null || allocation.transport == RelayTransport.TCP) {
            handle(new Event.Tcp.Arrived(id, ++arrivals, TestAddresses.of(peer + ":" + port)));
        }
    }

    private void request(int who, Method method, ByteBuffer script) {
        StunMessage.Builder builder = StunMessage.request(method, transaction());
        int attributes = number(script);
        for (int i = 0; i < attributes && script.hasRemaining(); i++) {
            int code = (number(script) << 8) | number(script);
            byte[] value = bytes(script, number(script));
            if (isForClients(code)) {
                builder.with(AttributeType.of(code), value);
            }
        }
        StunMessage signed = USERS.get(who).sign(builder, learned.get(who)).build();
        handle(new Event.MessageReceived(TUPLES.get(who), signed));
    }

    /// Credentials come once, and right.
    private static boolean isForClients(int code) {
        return code != Attributes.MESSAGE_INTEGRITY.code()
                && code != Attributes.MESSAGE_INTEGRITY_SHA256.code()
                && code != Attributes.USERNAME.code()
                && code != Attributes.USERHASH.code();
    }

    private void anyMessage(int who, ByteBuffer script) {
        byte[] datagram = bytes(script, number(script));
        if (StunDecoder.decode(ByteBuffer.wrap(datagram))
                instanceof Decoded.Message(StunMessage message)) {
            handle(new Event.MessageReceived(TUPLES.get(who), message));
        }
    }

    private void answer(boolean opens) {
        Effect.OpenRelay asked = opening.poll();
        if (asked == null) {
            return;
        }
        AllocationId id = asked.allocation();
        AddressFamily family = asked.spec().family();
        if (!opens) {
            handle(new Event.RelayFailed(id, family, "no port"));
            return;
        }
        ledger.opened(0, id, asked.client());
        ports += 2;
        InetSocketAddress relayed = new InetSocketAddress(HOSTS.get(family), ports);
        InetSocketAddress next = new InetSocketAddress(HOSTS.get(family), ports + 1);
        handle(
                switch (asked.spec().port()) {
                    case PortChoice.Any() -> new Event.RelayOpened(id, family, relayed, null);
                    case PortChoice.Even(boolean reserveNext) ->
                            new Event.RelayOpened(id, family, relayed, reserveNext ? next : null);
                    case PortChoice.Reserved(InetSocketAddress reserved) ->
                            new Event.RelayOpened(id, family, reserved, null);
                });
    }

    private void icmp(ByteBuffer script) {
        handle(
                new Event.IcmpReceived(
                        new AllocationId(number(script)),
                        TestAddresses.of("8.8.8." + number(script) + ":53"),
                        new IcmpError(number(script) & 0x7F, number(script), number(script))));
    }

    private void pass(Duration duration) {
        nowNanos += duration.toNanos();
        handle(new Event.TimePassed());
        assertThat(core.nextDeadlineNanos()).isGreaterThan(nowNanos);
    }

    void waitUntilAllIsOver() {
        while (!opening.isEmpty()) {
            answer(true);
        }
        while (!connecting.isEmpty()) {
            answerConnect(true);
        }
        pass(Duration.ofHours(2));
    }

    List<String> leftovers() {
        List<String> found = new ArrayList<>(Leftovers.in(core));
        found.addAll(Leftovers.in(quotas));
        found.addAll(Leftovers.in(reservations));
        found.addAll(Leftovers.in(peerConnections));
        return found;
    }

    private List<Effect> handle(Event event) {
        List<Effect> effects = core.handle(event, nowNanos);
        ledger.handled(0, event, effects);
        ledger.settled();
        effects.forEach(this::note);
        return effects;
    }

    private void note(Effect effect) {
        switch (effect) {
            case Effect.OpenRelay relay -> opening.add(relay);
            case Effect.Tcp.Connect(_, var id, _) -> {
                connecting.add(id);
                ids.add(id);
            }
            case Effect.Tcp.Admit(_, _, var id) -> {
                open.add(id);
                ids.add(id);
            }
            case Effect.Tcp.Close(var id, _) -> {
                connecting.remove(id);
                open.remove(id);
            }
            default -> {}
        }
    }

    private TransactionId transaction() {
        return TransactionId.of(0, ++transactions);
    }

    private static int number(ByteBuffer script) {
        return script.hasRemaining() ? Byte.toUnsignedInt(script.get()) : 0;
    }

    private static byte[] bytes(ByteBuffer script, int length) {
        byte[] bytes = new byte[Math.min(length, script.remaining())];
        script.get(bytes);
        return bytes;
    }
}
