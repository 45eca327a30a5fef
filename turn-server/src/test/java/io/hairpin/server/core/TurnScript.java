package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.AccessTokens;
import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialSource;
import io.hairpin.server.auth.Expiry;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.TokenKey;
import io.hairpin.server.auth.TokenMint;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// A conversation with one core: each step puts an event in, and [Outcome#expect] names every
/// effect that has to come out, in order. A step whose effects nobody expected fails the next.
///
/// Time stands still unless the script moves it.
final class TurnScript {

    static final String REALM = ClientCredentials.REALM_NAME;
    static final String SECRET = "north";
    static final Instant EPOCH = Instant.parse("2027-01-15T08:00:00Z");
    static final InetSocketAddress SERVER = TestAddresses.of("198.51.100.1:3478");

    private static final Map<String, String> USERS =
            Map.of("alice", "wonderland", "bob", "builder");

    /// What a script can be told before it starts; what is not said is as in production.
    static final class Setting {
        TurnPolicy policy = TestPolicies.DEFAULTS;
        List<Cidr> allow = List.of();
        List<Cidr> deny = List.of();
        List<Cidr> tcpAllow = List.of();
        List<Cidr> tcpDeny = List.of();
        FakeOwnAddresses own = new FakeOwnAddresses();
        Quotas quotas = new Quotas(1000, 100);
        private ByResource<Quotas> others = ByResource.of(_ -> new Quotas(1000, 1000));
        Reservations reservations = new Reservations();
        @Nullable TcpRelaying tcp;
        @Nullable TcpPeers tcpPeers;
        Duration staleNonce = Duration.ofDays(1);
        @Nullable Mobility mobility;
        Redirection redirection = Redirection.NONE;
        BindingPolicy bindings = BindingPolicy.BASIC;
        Answers answers = Answers.TO_ALL;
        Expiry expiry = Expiry.ALLOCATE;
        SharedLimits limits = SharedLimits.none();

        /// How long a store is waited for; null if there is none.
        @Nullable Duration lookUpTimeout;

        /// Those whose access tokens are taken.
        List<TokenMint> mints = List.of();

        /// Gives the server TCP relays, with what another server of the test may share.
        Setting withTcp(PeerConnections connections, int perAllocation) {
            tcp = new TcpRelaying(perAllocation, Duration.ofSeconds(30), connections);
            tcpPeers =
                    new TcpPeers(
                            PeerPolicy.forTcp(tcpAllow, tcpDeny, deny, own), port -> port >= 1024);
            return this;
        }

        /// Lets clients hold so many of what is not an allocation.
        Setting limit(Resource resource, Quotas quotas) {
            others = others.with(resource, quotas);
            return this;
        }

        TurnScript start() {
            return new TurnScript(this);
        }
    }

    final Quotas quotas;
    final Reservations reservations;
    final TurnCore core;
    private final Map<FiveTuple, ScriptClient> clients = new HashMap<>();
    private long nowNanos = Duration.ofHours(1).toNanos();
    private @Nullable Outcome unexpected;

    private TurnScript(Setting setting) {
        InstantSource clock = () -> EPOCH.plusNanos(nowNanos);
        List<CredentialSource> sources =
                List.of(
                        new StaticUsers(REALM, USERS),
                        new SharedSecrets(REALM, List.of(SECRET), clock));
        Authenticator authenticator =
                new Authenticator(
                        REALM,
                        sources,
                        new Nonces(new byte[32], setting.staleNonce, clock),
                        accessTokens(setting.mints, clock),
                        setting.expiry,
                        setting.lookUpTimeout);
        quotas = setting.quotas;
        reservations = setting.reservations;
        core =
                new TurnCore(
                        new Realms(
                                new Realm(
                                        authenticator,
                                        setting.policy,
                                        new PeerPolicy(setting.allow, setting.deny, setting.own),
                                        setting.tcpPeers,
                                        setting.others.with(Resource.ALLOCATION, quotas))),
                        reservations,
                        new SplittableRandom(7),
                        new Extensions(
                                setting.tcp,
                                setting.bindings,
                                setting.mobility,
                                setting.redirection,
                                setting.answers,
                                setting.limits));
    }

    private static @Nullable AccessTokens accessTokens(List<TokenMint> mints, InstantSource clock) {
        List<TokenKey> keys = mints.stream().map(TokenMint::tokenKey).toList();
        return keys.isEmpty() ? null : new AccessTokens(REALM, TokenMint.SERVER_NAME, keys, clock);
    }

    static TurnScript start() {
        return new Setting().start();
    }

    static Setting setting() {
        return new Setting();
    }

    /// A client on UDP that has been through its 401 already.
    ScriptClient client(String user) {
        return introduced(stranger(user));
    }

    /// A client on UDP that bears a token.
    ScriptClient bearer(TokenMint.Minted token) {
        ScriptClient client = new ScriptClient(token.bearer(), "", tuple(Transport.UDP));
        return introduced(join(client.bears(token)));
    }

    /// What time it is for people and authorization servers.
    Instant instant() {
        return EPOCH.plusNanos(nowNanos);
    }

    /// The same user on another 5-tuple, through the 401 that comes of that.
    ScriptClient moved(ScriptClient client) {
        return client(client.username);
    }

    ScriptClient tcpClient(String user) {
        return client(user, Transport.TCP);
    }

    ScriptClient client(String user, Transport transport) {
        return client(user, password(user), transport);
    }

    /// A client that has no nonce yet.
    ScriptClient stranger(String user) {
        return join(new ScriptClient(user, password(user), tuple(Transport.UDP)));
    }

    /// A client of that transport that came to that address.
    ScriptClient strangerAt(Transport transport, String server) {
        InetSocketAddress own = TestAddresses.of("192.0.2.1:" + (6000 + clients.size()));
        return join(
                new ScriptClient(
                        "alice",
                        password("alice"),
                        new FiveTuple(transport, own, TestAddresses.of(server))));
    }

    private static String password(String user) {
        return Objects.requireNonNull(USERS.get(user), user);
    }

    /// A client whose name and password somebody else made up, also through its 401.
    ScriptClient client(String user, String password) {
        return client(user, password, Transport.UDP);
    }

    ScriptClient client(String user, String password, Transport transport) {
        return introduced(join(new ScriptClient(user, password, tuple(transport))));
    }

    private ScriptClient join(ScriptClient client) {
        clients.put(client.tuple(), client);
        return client;
    }

    /// The 401 dance: the client sends a bare request and keeps what the refusal says.
    ScriptClient introduced(ScriptClient client) {
        StunMessage bare = client.unsigned(Method.ALLOCATE);
        client.learn(run(new Event.MessageReceived(client.tuple(), bare)));
        return client;
    }

    private FiveTuple tuple(Transport transport) {
        return new FiveTuple(
                transport, TestAddresses.of("192.0.2.1:" + (6000 + clients.size())), SERVER);
    }

    Outcome receives(ScriptClient from, StunMessage message) {
        return step(new Event.MessageReceived(from.tuple(), message));
    }

    /// What `sender` sends on the 5-tuple of `owner`; answers are read with the sender's key.
    Outcome receivesOn(ScriptClient owner, ScriptClient sender, StunMessage message) {
        clients.put(owner.tuple(), sender);
        return receives(owner, message);
    }

    Outcome relayOpens(long allocation, String relayed) {
        return relayOpens(allocation, relayed, null);
    }

    Outcome relayOpens(long allocation, String relayed, @Nullable String reserved) {
        InetSocketAddress address = TestAddresses.of(relayed);
        return step(
                new Event.RelayOpened(
                        new AllocationId(allocation),
                        AddressFamily.of(address.getAddress()),
                        address,
                        reserved == null ? null : TestAddresses.of(reserved)));
    }

    Outcome relayFails(long allocation, AddressFamily family) {
        return step(new Event.RelayFailed(new AllocationId(allocation), family, "no port"));
    }

    /// The store says what it knows of whoever was looked up.
    Outcome finds(long lookUp, Credential... credentials) {
        return step(new Event.CredentialsFound(new LookUpId(lookUp), List.of(credentials)));
    }

    Outcome findsOutNothing(long lookUp) {
        return step(new Event.LookUpFailed(new LookUpId(lookUp), "the store is down"));
    }

    Outcome meetsIcmp(long allocation, String peer, IcmpError error) {
        return step(
                new Event.IcmpReceived(
                        new AllocationId(allocation), TestAddresses.of(peer), error));
    }

    /// Something happens to a connection with a peer.
    Outcome happens(Event.Tcp event) {
        return step(event);
    }

    Outcome connectionCloses(ScriptClient client) {
        return step(new Event.ClientClosed(client.tuple()));
    }

    /// Data for a peer comes by the new 5-tuple of a client that moves.
    Outcome dataComesFrom(ScriptClient client) {
        return step(new Event.DataReceived(client.tuple()));
    }

    /// Moves time and tells the core, as the shell does when a deadline is due.
    Outcome passes(Duration duration) {
        waits(duration);
        return step(new Event.TimePassed());
    }

    /// Moves time without telling the core.
    void waits(Duration duration) {
        nowNanos += duration.toNanos();
    }

    long now() {
        return nowNanos;
    }

    /// Brings a client an allocation by the shortest way, for tests of what comes after.
    Allocation allocated(ScriptClient client, long id, String relayed) {
        run(new Event.MessageReceived(client.tuple(), client.allocate()));
        relayOpens(id, relayed).ignored();
        return allocation(id);
    }

    /// The same with a TCP relay.
    Allocation allocatedTcp(ScriptClient client, long id, String relayed) {
        run(new Event.MessageReceived(client.tuple(), client.allocateTcp()));
        relayOpens(id, relayed).ignored();
        return allocation(id);
    }

    /// The same with a relay of each family.
    Allocation allocatedBoth(ScriptClient client, long id, String ipv4, String ipv6) {
        run(new Event.MessageReceived(client.tuple(), client.allocateBoth()));
        relayOpens(id, ipv4).ignored();
        relayOpens(id, ipv6).ignored();
        return allocation(id);
    }

    Allocation allocation(long id) {
        Allocation allocation = core.allocation(new AllocationId(id));
        assertThat(allocation).as("allocation %d", id).isNotNull();
        return Objects.requireNonNull(allocation);
    }

    boolean exists(long id) {
        return core.allocation(new AllocationId(id)) != null;
    }

    private Outcome step(Event event) {
        Outcome before = unexpected;
        if (before != null) {
            before.expect();
        }
        Outcome outcome = new Outcome(run(event));
        unexpected = outcome;
        return outcome;
    }

    private List<Effect> run(Event event) {
        return core.handle(event, nowNanos);
    }

    /// An answer on another path than the request took.
    record Elsewhere(FiveTuple path, Answer answer) {}

    /// What one step brought about.
    final class Outcome {

        private final List<Effect> effects;

        private Outcome(List<Effect> effects) {
            this.effects = effects;
        }

        /// Exactly these, in this order: [Answer]s and the effects that are not messages.
        void expect(Object... expected) {
            unexpected = null;
            List<Object> seen = new ArrayList<>();
            effects.forEach(effect -> seen.add(seen(effect)));
            assertThat(seen).containsExactly(expected);
        }

        /// For steps that only lead up to what a test is about.
        List<Effect> ignored() {
            unexpected = null;
            return effects;
        }

        private Object seen(Effect effect) {
            return switch (effect) {
                case Effect.Send(var to, var message) -> answer(to, message);
                case Effect.SendElsewhere(var asked, var path, var message) ->
                        new Elsewhere(path, answer(asked, message));
                case Effect.Reject(var to, var message, _, _) -> answer(to, message);
                case Effect.Indicate(var to, var message) -> answer(to, message);
                case Effect.Tcp.Announce(var to, var message) -> Announced.seen(to, message);
                case Effect.Tcp _,
                        Effect.LookUpCredentials _,
                        Effect.OpenRelay _,
                        Effect.CloseRelay _,
                        Effect.ReleasePort _,
                        Effect.AllocationOpened _,
                        Effect.AllocationClosed _,
                        Effect.OfMobility _,
                        Effect.Drop _ ->
                        effect;
            };
        }

        private Answer answer(FiveTuple to, StunMessage message) {
            ScriptClient client = clients.get(to);
            assertThat(client).as("somebody at %s", to).isNotNull();
            return Answer.seen(to, message, Objects.requireNonNull(client));
        }
    }
}
