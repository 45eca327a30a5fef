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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;

/// A core with a [Ledger] beside it and two clients, alice and bob, who do what bytes say.
///
/// Every step begins with a byte: bit 7 is who, bit 5 by which of two 5-tuples, bit 4 which of two
/// tables, bits 0 to 2 what.
///
/// ```
/// 0 Allocate 1 Refresh 2 CreatePermission 3 ChannelBind:
///                     a byte with the number of attributes, then for each
///                     two bytes of type, one of length, and the value
/// 4 time passes:      two bytes of seconds
/// 5 any message:      a byte of length, and the message
/// 6 a relay's answer: bit 3 says whether it has opened
/// 7 the client's connection closes, or with bit 3 a relay meets an ICMP error
///
/// 0 Connect 1 ConnectionBind: as above
/// 2 Refresh with the latest ticket: as above
/// 3 data by that 5-tuple, for a peer
/// 4 a connection's answer: bit 3 says whether it has opened
/// 5 a peer connects to a relay: a byte of which, and one of who
/// 6 a connection with a peer ends
/// 7 any request: a byte of method, as above, and behind that a byte with the number of changes
///                     that are made when it is signed, each two bytes of place and one of what
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
                    new FiveTuple(Transport.TLS, TestAddresses.of("7.7.7.9:6002"), SERVER),
                    new FiveTuple(Transport.TCP, TestAddresses.of("7.7.7.9:6003"), SERVER));

    private final ByResource<Quotas> quotas =
            ByResource.of(_ -> new Quotas(3, 2)).with(Resource.RESERVATION, new Quotas(1, 1));
    private final Reservations reservations = new Reservations();
    private final PeerConnections connections = new PeerConnections();
    private final SimulatedLimits limits = SimulatedLimits.drawnFrom(new SplittableRandom(2), 1);
    private final FuzzedPeers peers = new FuzzedPeers();
    private final Queue<Effect.OpenRelay> opening = new ArrayDeque<>();
    private final TurnCore core;
    private final Ledger ledger;
    private final List<Learned> learned = new ArrayList<>();
    private long nowNanos;
    private long transactions;

    /// The latest one, in hexadecimal digits, or nothing.
    private String ticket = "";
    private int ports = 50_000;

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
                                new Mobility(0, new TestSeal()),
                                Redirection.NONE,
                                Answers.TO_ALL,
                                limits.shared()));
        ledger =
                new Ledger(
                        policy,
                        null,
                        new HoldingLedger(quotas, quotas, limits.shared().sources()),
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
                WorldSettings.CONNECTIONS_PER_ALLOCATION, Duration.ofSeconds(30), connections);
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
            int path = who + ((what & 0x20) == 0 ? 0 : USERS.size());
            boolean flag = (what & 8) != 0;
            if ((what & 0x10) == 0) {
                first(what & 7, path, flag, script);
            } else {
                second(what & 7, path, flag, script);
            }
        }
    }

    private void first(int what, int path, boolean flag, ByteBuffer script) {
        switch (what) {
            case 0 -> request(path, Method.ALLOCATE, script);
            case 1 -> request(path, Method.REFRESH, script);
            case 2 -> request(path, Method.CREATE_PERMISSION, script);
            case 3 -> request(path, Method.CHANNEL_BIND, script);
            case 4 -> pass(Duration.ofSeconds((number(script) << 8) | number(script)));
            case 5 -> anyMessage(path, script);
            case 6 -> answer(flag);
            default -> {
                if (flag) {
                    icmp(script);
                } else {
                    close(TUPLES.get(path));
                }
            }
        }
    }

    private void second(int what, int path, boolean flag, ByteBuffer script) {
        switch (what) {
            case 0 -> request(path, Method.CONNECT, script);
            case 1 -> request(path, Method.CONNECTION_BIND, script);
            case 2 -> move(path, script);
            case 3 -> data(path, script);
            case 4 -> peers.answers(flag).ifPresent(this::handle);
            case 5 -> handle(peers.arrives(new AllocationId(number(script)), peer(script)));
            case 6 -> peers.closes().ifPresent(this::handle);
            default -> forge(path, script);
        }
    }

    private void close(FiveTuple client) {
        if (peers.carries(client)) {
            peers.closes(client).ifPresent(this::handle);
        } else {
            handle(new Event.ClientClosed(client));
        }
    }

    private void request(int path, Method method, ByteBuffer script) {
        receive(path, signed(path, builder(method, script)));
    }

    private StunMessage.Builder builder(Method method, ByteBuffer script) {
        StunMessage.Builder builder = StunMessage.request(method, transaction());
        int attributes = number(script);
        for (int i = 0; i < attributes && script.hasRemaining(); i++) {
            int code = (number(script) << 8) | number(script);
            byte[] value = bytes(script, number(script));
            if (isForClients(code)) {
                builder.with(AttributeType.of(code), value);
            }
        }
        return builder;
    }

    private StunMessage signed(int path, StunMessage.Builder builder) {
        return USERS.get(path % USERS.size()).sign(builder, learned.get(path)).build();
    }

    private List<Effect> receive(int path, StunMessage message) {
        FiveTuple from = TUPLES.get(path);
        return peers.carries(from) ? List.of() : handle(new Event.MessageReceived(from, message));
    }

    private void move(int path, ByteBuffer script) {
        StunMessage.Builder builder = builder(Method.REFRESH, script);
        if (!ticket.isEmpty()) {
            builder.with(Attributes.MOBILITY_TICKET, HexFormat.of().parseHex(ticket));
        }
        receive(path, signed(path, builder));
    }

    /// As the data path has it: the core is told, and asked whether it may pass.
    private void data(int path, ByteBuffer script) {
        FiveTuple from = TUPLES.get(path);
        AllocationId id = new AllocationId(number(script));
        InetSocketAddress peer = peer(script);
        if (!peers.carries(from)) {
            handle(new Event.DataReceived(from));
        }
        Allocation allocation = core.allocation(id);
        if (allocation != null) {
            Channel channel = TestAddresses.channelTo(allocation, peer, nowNanos);
            ledger.reads().channelToRead(0, id, peer, channel == null ? null : channel.number());
            DropReason refusal = TestAddresses.refusal(allocation, peer, nowNanos);
            ledger.reads().permissionRead(0, id, peer, refusal);
        }
    }

    private static InetSocketAddress peer(ByteBuffer script) {
        return TestAddresses.of("8.8.8." + number(script) + ":53");
    }

    /// What is changed once it is signed grants nothing.
    private void forge(int path, ByteBuffer script) {
        Method method = Method.values()[number(script) % Method.values().length];
        byte[] signed = signed(path, builder(method, script)).toBytes();
        byte[] forged = signed.clone();
        int changes = number(script);
        for (int i = 0; i < changes && script.hasRemaining(); i++) {
            int place = ((number(script) << 8) | number(script)) % forged.length;
            forged[place] ^= (byte) number(script);
        }
        if (StunDecoder.decode(ByteBuffer.wrap(forged))
                instanceof Decoded.Message(StunMessage message)) {
            List<Effect> effects = receive(path, message);
            if (!Arrays.equals(signed, forged) && message.method() != Method.BINDING) {
                assertThat(effects)
                        .as("a forged %s", message)
                        .noneMatch(Effect.Send.class::isInstance)
                        .noneMatch(Effect.OpenRelay.class::isInstance);
            }
        }
    }

    /// Credentials come once, and right.
    private static boolean isForClients(int code) {
        return code != Attributes.MESSAGE_INTEGRITY.code()
                && code != Attributes.MESSAGE_INTEGRITY_SHA256.code()
                && code != Attributes.USERNAME.code()
                && code != Attributes.USERHASH.code();
    }

    private void anyMessage(int path, ByteBuffer script) {
        byte[] datagram = bytes(script, number(script));
        if (StunDecoder.decode(ByteBuffer.wrap(datagram))
                instanceof Decoded.Message(StunMessage message)) {
            receive(path, message);
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
        peers.all().forEach(this::handle);
        pass(Duration.ofHours(2));
    }

    List<String> leftovers() {
        List<String> found = new ArrayList<>(Leftovers.in(core));
        for (Resource resource : Resource.values()) {
            found.addAll(Leftovers.in(quotas.of(resource)));
            found.addAll(Leftovers.in(limits.shared().sources().of(resource)));
        }
        found.addAll(Leftovers.in(reservations));
        found.addAll(Leftovers.in(connections));
        return found;
    }

    private List<Effect> handle(Event event) {
        List<Effect> effects = core.handle(event, nowNanos);
        ledger.handled(0, event, effects);
        ledger.settled();
        for (Effect effect : effects) {
            if (effect instanceof Effect.OpenRelay open) {
                opening.add(open);
            } else if (effect instanceof Effect.Tcp tcp) {
                peers.execute(tcp);
            } else if (effect instanceof Effect.Send(_, var message)) {
                message.find(Attributes.MOBILITY_TICKET)
                        .ifPresent(bytes -> ticket = HexFormat.of().formatHex(bytes));
            }
        }
        return effects;
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
