package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// How a [TurnWorld] is furnished.
///
/// @param mutual whether clients mostly talk to each other
/// @param privateHosts whether relays and listeners are on addresses that peers may not have
/// @param pace the mean time between two actions of a client
record WorldSettings(
        NetworkFaults faults,
        TurnPolicy policy,
        Limits limits,
        Duration staleNonce,
        int shards,
        int clients,
        List<InetSocketAddress> peers,
        int ports,
        boolean mutual,
        boolean privateHosts,
        boolean discovery,
        boolean classic,
        Duration duration,
        Duration pace) {

    /// The limits that all cores share.
    ///
    /// @param strangers null if whoever asks is answered
    record Limits(
            int perUser,
            int allocations,
            int reservations,
            StrangerLedger.@Nullable Shares strangers) {

        /// Of the whole server, and of each user of its first realm.
        Quotas quotas(Resource resource, RandomGenerator random) {
            return switch (resource) {
                case ALLOCATION -> new Quotas(allocations, perUser);
                case PERMISSION -> new Quotas(random.nextInt(2, 40), random.nextInt(2, 20));
                case CHANNEL -> new Quotas(random.nextInt(1, 20), random.nextInt(1, 10));
                case RESERVATION -> new Quotas(reservations, 1);
                case PEER_CONNECTION -> new Quotas(random.nextInt(1, 5), random.nextInt(1, 5));
                case MOVE -> new Quotas(random.nextInt(6), random.nextInt(4));
                case AUTHENTICATION -> sameForUsers(random.nextInt(1, 6));
            };
        }

        /// The same of the second realm.
        Quotas part(Resource resource, Quotas whole, RandomGenerator random) {
            return switch (resource) {
                case ALLOCATION -> whole.part(random.nextInt(1, allocations), perUser);
                case PERMISSION -> whole.part(random.nextInt(1, 12), random.nextInt(2, 12));
                case CHANNEL -> whole.part(random.nextInt(1, 4), random.nextInt(1, 8));
                case RESERVATION -> whole.part(random.nextInt(1, 3), random.nextInt(1, 3));
                case PEER_CONNECTION -> whole.part(random.nextInt(1, 5), random.nextInt(1, 4));
                case MOVE -> whole.part(random.nextInt(2), random.nextInt(4));
                case AUTHENTICATION -> sameForUsers(whole, random.nextInt(1, 4));
            };
        }

        private static Quotas sameForUsers(int limit) {
            return new Quotas(limit, limit);
        }

        private static Quotas sameForUsers(Quotas whole, int limit) {
            return whole.part(limit, limit);
        }
    }

    /// How many connections with peers an allocation may have.
    static final int CONNECTIONS_PER_ALLOCATION = 2;

    /// A port that TCP relays may not connect to.
    static final int CLOSED_PORT = 2001;

    /// Where no relay may ever send anything.
    static final List<InetSocketAddress> FORBIDDEN =
            List.of(
                    TestAddresses.of("127.0.0.1:22"),
                    TestAddresses.of("10.0.0.9:80"),
                    TestAddresses.of("169.254.169.254:80"),
                    TestAddresses.of("224.0.0.251:5353"),
                    TestAddresses.of("[::1]:22"),
                    TestAddresses.of("[fe80::1]:22"),
                    TestAddresses.of("[64:ff9b::7f00:1]:22"),
                    TestAddresses.of("[2002:a00:9::1]:80"));

    /// IPv4 peers in IPv6 clothes, some of them forbidden.
    static final List<InetSocketAddress> WRAPPED =
            List.of(
                    TestAddresses.of("[::8.8.8.1]:1001"),
                    TestAddresses.of("[::ffff:8.8.8.2]:1002"),
                    TestAddresses.of("[::10.0.0.9]:80"),
                    TestAddresses.of("[::127.0.0.1]:22"));

    private static final int ACTIONS = 360;
    private static final int PORT = 3478;
    private static final int OTHER_PORT = 3479;

    static WorldSettings drawnFrom(RandomGenerator random) {
        boolean quick = random.nextInt(3) > 0;
        Duration duration = Duration.ofSeconds(quick ? random.nextInt(60, 600) : 3600);
        int clients = random.nextInt(2, 10);
        return new WorldSettings(
                NetworkFaults.drawnFrom(random),
                quick ? quickPolicy(random) : slowPolicy(random),
                new Limits(
                        random.nextInt(1, 6),
                        random.nextInt(2, 16),
                        random.nextInt(1, 6),
                        shares(random)),
                Duration.ofSeconds(random.nextInt(100, 900)),
                random.nextInt(1, 3),
                clients,
                peers(random.nextInt(1, 6)),
                random.nextInt(3, 30),
                random.nextInt(3) == 0,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                duration,
                duration.multipliedBy(clients).dividedBy(ACTIONS));
    }

    /// The addresses of relays and listeners.
    List<InetAddress> relayHosts() {
        return privateHosts
                ? List.of(TestAddresses.host("10.0.0.5"), TestAddresses.host("fd00::5"))
                : List.of(TestAddresses.host("5.5.5.5"), TestAddresses.host("2a00:5::5"));
    }

    /// One for each address of relays; with discovery, at two ports of two addresses of IPv4.
    List<InetSocketAddress> listeners() {
        List<InetSocketAddress> listeners = new ArrayList<>();
        relayHosts().forEach(host -> listeners.add(new InetSocketAddress(host, PORT)));
        if (discovery) {
            listeners.add(new InetSocketAddress(relayHosts().getFirst(), OTHER_PORT));
            listeners.add(new InetSocketAddress(otherHost(), PORT));
            listeners.add(new InetSocketAddress(otherHost(), OTHER_PORT));
        }
        return List.copyOf(listeners);
    }

    /// Discovery by so few requests that some are refused.
    BindingPolicy bindings(long seed) {
        InetAddress host = relayHosts().getFirst();
        return new BindingPolicy(
                classic,
                discovery
                        ? new NatDiscovery(
                                new NatDiscovery.Host(host, host),
                                new NatDiscovery.Host(otherHost(), otherHost()),
                                PORT,
                                OTHER_PORT,
                                Set.of(Transport.UDP),
                                new SourceRates(1, 10, seed))
                        : null);
    }

    /// So few answers to strangers that some get none, in half of all worlds.
    private static StrangerLedger.@Nullable Shares shares(RandomGenerator random) {
        if (random.nextBoolean()) {
            return null;
        }
        int perSource = random.nextInt(1, 4);
        int perNetwork = perSource + random.nextInt(4);
        return new StrangerLedger.Shares(perSource, perNetwork, perNetwork + random.nextInt(8));
    }

    /// What limits the answers to strangers, be it nothing.
    Answers answers(long seed) {
        StrangerLedger.Shares shares = limits.strangers();
        return new Answers(
                shares == null
                        ? null
                        : new Strangers(
                                shares.perSource(), shares.perNetwork(), shares.inAll(), seed),
                false);
    }

    private InetAddress otherHost() {
        return TestAddresses.host(privateHosts ? "10.0.0.6" : "5.5.5.6");
    }

    private static List<InetSocketAddress> peers(int count) {
        List<InetSocketAddress> peers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            peers.add(TestAddresses.of("8.8.8." + i + ":100" + i));
        }
        peers.add(TestAddresses.of("8.8.8.1:2001"));
        peers.add(TestAddresses.of("[2a00:8::1]:1001"));
        return List.copyOf(peers);
    }

    private static TurnPolicy slowPolicy(RandomGenerator random) {
        TurnPolicy defaults = TestPolicies.DEFAULTS;
        return new TurnPolicy(
                families(random),
                defaults.defaultLifetime(),
                defaults.maxLifetime(),
                defaults.permissionLifetime(),
                defaults.channelLifetime(),
                defaults.reservationLifetime(),
                random.nextInt(2, 8),
                random.nextInt(1, 6),
                random.nextBoolean() ? TurnPolicy.LAST_CHANNEL : TurnPolicy.LAST_RFC5766_CHANNEL);
    }

    /// Lifetimes so short that much expires while clients still use it.
    private static TurnPolicy quickPolicy(RandomGenerator random) {
        int lifetime = random.nextInt(10, 200);
        return new TurnPolicy(
                families(random),
                Duration.ofSeconds(lifetime),
                Duration.ofSeconds(lifetime * random.nextLong(1, 6)),
                Duration.ofSeconds(random.nextInt(4, 150)),
                Duration.ofSeconds(random.nextInt(4, 250)),
                Duration.ofSeconds(random.nextInt(2, 40)),
                random.nextInt(2, 8),
                random.nextInt(1, 6),
                TurnPolicy.LAST_CHANNEL);
    }

    private static Set<AddressFamily> families(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> Set.of(AddressFamily.IPV4);
            case 1 -> Set.of(AddressFamily.IPV6);
            default -> Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
        };
    }
}
