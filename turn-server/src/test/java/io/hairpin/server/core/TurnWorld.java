package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.AccessTokens;
import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Expiry;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.TokenMint;
import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// One seed's world: a server of one or two shards, clients, peers, and the network between them.
final class TurnWorld implements OwnAddresses {

    private static final Map<String, String> USERS =
            Map.of("alice", "wonderland", "bob", "builder");
    private static final String SECRET = "north";
    private static final String DAVE = "dave@" + ClientCredentials.OTHER_REALM_NAME;

    /// Whom only the store knows.
    private static final String ERIN = "erin@" + ClientCredentials.OTHER_REALM_NAME;

    /// Has one key, so that all its bearers have the same name.
    private static final TokenMint MINT = TokenMint.of(Names.BEARER);

    private final Simulation simulation;
    private final VirtualClock clock;
    private final VirtualNetwork network;
    private final Tally tally;
    private final RandomGenerator random;
    private final WorldSettings settings;
    private final VirtualRelays relays;
    private final Ledger ledger;
    private final ByResource<Quotas> quotas;
    private final SimulatedLimits sharedLimits;
    private final ByResource<Quotas> otherQuotas;
    private final Reservations reservations;
    private final PeerConnections peerConnections;
    private final VirtualPeers virtualPeers;
    private final VirtualStore store;
    private final List<PeerHeardOf> connections = new ArrayList<>();
    private final List<InetSocketAddress> listeners;
    private final VirtualCrossing crossing = new VirtualCrossing();
    private final List<VirtualShell> shells = crossing.shells;
    private final List<SimulatedPeer> peers = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Set<InetSocketAddress> addressesInUse = new HashSet<>();
    private final List<InetSocketAddress> heardOf = new ArrayList<>();
    private final List<Long> tokens = new ArrayList<>();
    private final List<byte[]> tickets = new ArrayList<>();
    private boolean over;

    TurnWorld(long seed, Tally tally, boolean printing) {
        simulation = new Simulation(seed, printing);
        clock = new VirtualClock(simulation);
        this.tally = tally;
        random = simulation.randomness();
        settings = WorldSettings.drawnFrom(random);
        network = new VirtualNetwork(simulation, settings.faults());
        relays =
                new VirtualRelays(
                        settings.relayHosts(), 50_000, settings.ports(), simulation.randomness());
        listeners = settings.listeners();
        WorldSettings.Limits limits = settings.limits();
        quotas = ByResource.of(each -> limits.quotas(each, random));
        otherQuotas = ByResource.of(each -> limits.part(each, quotas.of(each), random));
        reservations = new Reservations();
        sharedLimits = SimulatedLimits.drawnFrom(simulation.randomness(), settings.shards());
        peerConnections = new PeerConnections();
        virtualPeers = new VirtualPeers(simulation, settings.peers(), tally);
        store = new VirtualStore(simulation, Map.of(ERIN, "irish"), tally);
        ledger =
                new Ledger(
                        settings.policy(),
                        limits.strangers(),
                        new HoldingLedger(quotas, otherQuotas, sharedLimits.shared().sources()),
                        reservations,
                        sharedLimits,
                        this::isReachable,
                        simulation::now,
                        tally);
        startServer();
        startPeers();
        startClients();
        if (settings.limits().strangers() != null) {
            new SimulatedForger(this, listeners, settings.pace().multipliedBy(8)).start();
        }
        new Upheavals(simulation, clock, peers, settings.duration(), tally).begin();
    }

    private TcpPeers tcpPeers() {
        return new TcpPeers(
                PeerPolicy.forTcp(List.of(), List.of(), List.of(), this),
                port -> port != WorldSettings.CLOSED_PORT);
    }

    private void startServer() {
        byte[] nonceKey = new byte[32];
        random.nextBytes(nonceKey);
        Authenticator authenticator =
                new Authenticator(
                        ClientCredentials.REALM_NAME,
                        List.of(
                                new StaticUsers(ClientCredentials.REALM_NAME, USERS),
                                new SharedSecrets(
                                        ClientCredentials.REALM_NAME,
                                        List.of("old", SECRET),
                                        clock)),
                        new Nonces(nonceKey, settings.staleNonce(), clock),
                        new AccessTokens(
                                ClientCredentials.REALM_NAME,
                                TokenMint.SERVER_NAME,
                                List.of(MINT.tokenKey()),
                                clock),
                        Expiry.ALLOCATE,
                        random.nextInt(4) == 0 ? VirtualStore.TIMEOUT : null);
        PeerPolicy peers = new PeerPolicy(List.of(), List.of(), this);
        Realms realms =
                new Realms(new Realm(authenticator, settings.policy(), peers, tcpPeers(), quotas))
                        .with(
                                other(clock, peers),
                                new Realms.Ways(List.of(), List.of(), List.of(), true));
        BindingPolicy bindings = settings.bindings(random.nextLong());
        Answers answers = settings.answers(random.nextLong());
        TcpRelaying tcp =
                new TcpRelaying(
                        WorldSettings.CONNECTIONS_PER_ALLOCATION,
                        Duration.ofSeconds(30),
                        peerConnections);
        int movesPerMinute = random.nextInt(1, 10);
        for (int shard = 0; shard < settings.shards(); shard++) {
            TurnCore core =
                    new TurnCore(
                            realms,
                            reservations,
                            simulation.randomness(),
                            new Extensions(
                                    tcp,
                                    bindings,
                                    new Mobility(shard, new TestSeal(), movesPerMinute),
                                    Redirection.NONE,
                                    answers,
                                    sharedLimits.shared()));
            shells.add(
                    new VirtualShell(
                            shard,
                            simulation,
                            network,
                            core,
                            relays,
                            crossing,
                            virtualPeers,
                            store,
                            ledger,
                            tally));
        }
        for (InetSocketAddress listener : listeners) {
            network.attach(
                    listener,
                    (from, to, bytes) -> {
                        assertThat(relays.isHost(from.getAddress()))
                                .as("a relay talks to a listener: %s", from)
                                .isFalse();
                        shell(from).received(new FiveTuple(Transport.UDP, from, to), bytes);
                    });
        }
    }

    /// A realm that its users find by their names.
    private Realm other(VirtualClock clock, PeerPolicy peers) {
        String name = ClientCredentials.OTHER_REALM_NAME;
        byte[] nonceKey = new byte[32];
        random.nextBytes(nonceKey);
        return new Realm(
                new Authenticator(
                        name,
                        List.of(new StaticUsers(name, Map.of(DAVE, "diving"))),
                        new Nonces(nonceKey, settings.staleNonce(), clock),
                        null,
                        Expiry.ALLOCATE,
                        VirtualStore.TIMEOUT),
                settings.policy(),
                peers,
                tcpPeers(),
                otherQuotas);
    }

    private void startPeers() {
        for (InetSocketAddress address : settings.peers()) {
            peers.add(new SimulatedPeer(simulation, network, address, tally));
        }
        for (InetSocketAddress forbidden : WorldSettings.FORBIDDEN) {
            network.attach(
                    forbidden,
                    (from, to, _) -> {
                        throw new AssertionError(from + " reached " + to);
                    });
        }
    }

    private void startClients() {
        for (int i = 0; i < settings.clients(); i++) {
            SimulatedClient client =
                    new SimulatedClient(
                            this,
                            random.nextInt(5) < 2 ? Transport.TCP : Transport.UDP,
                            listeners.get(random.nextInt(listeners.size())));
            clients.add(client);
            scheduleNext(new ClientBehaviour(client));
        }
    }

    private void scheduleNext(ClientBehaviour behaviour) {
        long gapNanos = random.nextLong(2 * settings.pace().toNanos());
        simulation.after(
                random.nextInt(30) == 0 ? 10 * gapNanos : gapNanos,
                () -> {
                    if (!over) {
                        behaviour.act();
                        scheduleNext(behaviour);
                    }
                });
    }

    /// Lives through it all, and then until nothing is left to happen.
    long run() {
        simulation.runUntil(simulation.now() + settings.duration().toNanos());
        over = true;
        clients.forEach(SimulatedClient::hangUp);
        while (simulation.step()) {
            assertThat(clients).isNotEmpty();
        }
        checkNothingIsLeft();
        return simulation.trace();
    }

    private void checkNothingIsLeft() {
        for (VirtualShell shell : shells) {
            assertThat(shell.isEmpty()).as("a shell with nothing open").isTrue();
            assertThat(shell.core().nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
            assertThat(Leftovers.in(shell.core())).isEmpty();
        }
        assertThat(crossing.isEmpty()).as("nobody abroad").isTrue();
        assertThat(relays.taken()).isEmpty();
        for (Resource resource : Resource.values()) {
            assertThat(quotas.of(resource).held()).as("%s", resource).isZero();
            assertThat(Leftovers.in(quotas.of(resource))).as("%s", resource).isEmpty();
            assertThat(Leftovers.in(otherQuotas.of(resource))).as("%s", resource).isEmpty();
        }
        assertThat(virtualPeers.isEmpty()).isTrue();
        assertThat(peerConnections.held()).isZero();
        assertThat(Leftovers.in(peerConnections)).isEmpty();
        assertThat(reservations.held()).isZero();
        assertThat(Leftovers.in(reservations)).isEmpty();
        assertThat(ledger.isEmpty()).isTrue();
        sharedLimits.checkNothingIsLeft(simulation.now(), tally);
        assertThat(clients).allMatch(SimulatedClient::isIdle);
    }

    Simulation simulation() {
        return simulation;
    }

    VirtualNetwork network() {
        return network;
    }

    Tally tally() {
        return tally;
    }

    boolean isOver() {
        return over;
    }

    VirtualConnection connect(FiveTuple tuple, Consumer<byte[]> client) {
        return new VirtualConnection(simulation, network, tuple, client, shell(tuple.client()));
    }

    /// The kernel keeps a client on its shard; a client that moves may come to another.
    private VirtualShell shell(InetSocketAddress client) {
        return shells.get(client.getPort() % shells.size());
    }

    /// An address that no client has now, of the family of the server's. Few enough that one
    /// client gets what another had.
    InetSocketAddress takeAddress(InetAddress server) {
        String host = AddressFamily.of(server) == AddressFamily.IPV4 ? "7.7.7.7" : "2a00:7::7";
        InetSocketAddress address;
        do {
            int port = 6000 + random.nextInt(2 * settings.clients() + 6);
            address = new InetSocketAddress(TestAddresses.host(host), port);
        } while (!addressesInUse.add(address));
        return address;
    }

    void returnAddress(InetSocketAddress address) {
        addressesInUse.remove(address);
    }

    /// Somebody's name and password: one of few users, or a guest of a web service; or a token.
    ClientCredentials credentials(RandomGenerator chance) {
        Dialect dialect = Dialect.values()[chance.nextInt(Dialect.values().length)];
        return switch (chance.nextInt(7)) {
            case 0 -> new ClientCredentials("alice", "wonderland", dialect);
            case 1 -> new ClientCredentials(DAVE, "diving", dialect);
            case 2 -> new ClientCredentials("bob", "builder", dialect);
            case 3, 4 -> ClientCredentials.of(token(chance));
            case 5 -> new ClientCredentials(ERIN, "irish", byName(dialect));
            default -> {
                Instant expiry = clock.everybodyElse().plusSeconds(60L * chance.nextInt(60));
                TurnRestCredential guest = TurnRestCredential.mint(SECRET, "guest", expiry);
                yield new ClientCredentials(guest.username(), guest.password(), byName(dialect));
            }
        };
    }

    private static Dialect byName(Dialect dialect) {
        return dialect == Dialect.ANONYMOUS ? Dialect.SHA256 : dialect;
    }

    /// Some expire soon, and some before they are shown.
    TokenMint.Minted token(RandomGenerator chance) {
        Instant now = clock.everybodyElse();
        Duration lifetime = Duration.ofSeconds(chance.nextInt(1200));
        return MINT.mint(chance.nextLong(), 20, now.minusSeconds(chance.nextInt(300)), lifetime);
    }

    InetSocketAddress anyPeer(RandomGenerator chance) {
        if (settings.mutual() && !heardOf.isEmpty() && chance.nextInt(3) > 0) {
            return pick(heardOf, chance);
        }
        return switch (chance.nextInt(24)) {
            case 0 -> pick(WorldSettings.FORBIDDEN, chance);
            case 1 -> pick(listeners, chance);
            case 2 -> pick(WorldSettings.WRAPPED, chance);
            case 3 -> relays.any(AddressFamily.values()[chance.nextInt(2)], chance);
            case 4, 5, 6 ->
                    heardOf.isEmpty() ? pick(settings.peers(), chance) : pick(heardOf, chance);
            case 7 -> new InetSocketAddress(pick(settings.peers(), chance).getAddress(), 0);
            default -> pick(settings.peers(), chance);
        };
    }

    private static <T> T pick(List<T> list, RandomGenerator chance) {
        return list.get(chance.nextInt(list.size()));
    }

    /// A client tells the others where it can be reached, and one of the peers.
    void heardOf(InetSocketAddress relayed) {
        if (heardOf.size() == 8) {
            heardOf.removeFirst();
        }
        heardOf.add(relayed);
        peers.get(random.nextInt(peers.size())).send(relayed);
    }

    /// A connection with a peer, and whose it is.
    record PeerHeardOf(long connectionId, ClientCredentials owner) {}

    void connectionHeard(long id, ClientCredentials owner) {
        connections.add(new PeerHeardOf(id, owner));
    }

    /// One of the last connections that any client was told of, mostly.
    PeerHeardOf anyConnection(RandomGenerator chance) {
        return connections.isEmpty() || chance.nextInt(8) == 0
                ? new PeerHeardOf(chance.nextLong(1L << 32), credentials(chance))
                : connections.get(
                        connections.size() - 1 - chance.nextInt(Math.min(3, connections.size())));
    }

    void tokenGiven(long token) {
        tokens.add(token);
    }

    void ticketGiven(byte[] ticket) {
        tickets.add(ticket);
    }

    /// Mostly one of the latest, whoever it was given to.
    byte[] anyTicket(RandomGenerator chance) {
        return tickets.isEmpty() || chance.nextInt(20) == 0
                ? new byte[chance.nextInt(40)]
                : tickets.get(tickets.size() - 1 - chance.nextInt(Math.min(4, tickets.size())));
    }

    long anyToken(RandomGenerator chance) {
        return tokens.isEmpty() || chance.nextInt(5) == 0
                ? chance.nextLong()
                : tokens.get(tokens.size() - 1 - chance.nextInt(Math.min(3, tokens.size())));
    }

    /// What the peer policy comes to in this world, told without it.
    private boolean isReachable(InetSocketAddress peer) {
        if (peer.getPort() == 0 || listeners.contains(peer)) {
            return false;
        }
        if (relays.isHost(peer.getAddress())) {
            return !settings.privateHosts() || relays.isOpen(peer);
        }
        String host = peer.getAddress().getHostAddress();
        return host.startsWith("8.8.8.") || host.startsWith("2a00:8:");
    }

    @Override
    public boolean hasEndpoint(InetAddress address) {
        return listeners.stream().anyMatch(listener -> listener.getAddress().equals(address));
    }

    @Override
    public boolean isEndpoint(long high, long low, int port) {
        return listeners.contains(TransportAddress.socketAddress(high, low, port));
    }

    @Override
    public boolean isRelayAddress(InetAddress address) {
        return relays.isHost(address);
    }

    @Override
    public boolean isOpenRelay(long high, long low, int port) {
        return relays.isOpen(TransportAddress.socketAddress(high, low, port));
    }
}
