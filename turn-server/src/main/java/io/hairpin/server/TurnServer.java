package io.hairpin.server;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.CredentialSource;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.core.PeerPolicy;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Reservations;
import io.hairpin.server.core.Transport;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.core.TurnPolicy;
import io.hairpin.server.net.Faults;
import io.hairpin.server.net.NettyDatagramNetwork;
import io.hairpin.server.net.NettyTransport;
import io.hairpin.server.net.Outbox;
import io.hairpin.server.relay.DataPaths;
import io.hairpin.server.relay.OpenRelays;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.server.relay.RelayAddresses;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.relay.Traffic;
import io.hairpin.server.transport.ConnectionLimit;
import io.hairpin.server.transport.TcpSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// A running STUN and TURN server.
public final class TurnServer implements AutoCloseable {

    /// How long a reserved port waits for whoever reserved it (RFC 8656 §7.2 suggests 30 seconds).
    private static final Duration RESERVATION_LIFETIME = Duration.ofSeconds(30);

    /// How often this machine is asked for its addresses again.
    private static final Duration ADDRESS_REFRESH = Duration.ofSeconds(30);

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);

    private final Configuration configuration;
    private final NettyTransport netty;
    private final SecureRandom random = new SecureRandom();
    private final Faults faults = new Faults();
    private final EffectLog log = new EffectLog();
    private final List<RelayAddress> relayAddresses;
    private final RelayAddresses relayPorts;
    private final OpenRelays openRelays;
    private final ServerAddresses ownAddresses;
    private final Quotas quotas;
    private final MultiThreadIoEventLoopGroup loops;
    private final List<Shard> shards;
    private List<Listeners.Bound> listeners = List.of();
    private @Nullable ScheduledFuture<?> addressRefresh;

    /// Starts a server and returns when everything is bound.
    ///
    /// @throws StartupException if something cannot be had; nothing is left open then
    public static TurnServer start(Configuration configuration) {
        return start(configuration, NettyTransport.best());
    }

    static TurnServer start(Configuration configuration, NettyTransport netty) {
        TurnServer server = new TurnServer(configuration, netty);
        try {
            server.listen();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private TurnServer(Configuration configuration, NettyTransport netty) {
        this.configuration = configuration;
        this.netty = netty;
        LimitsConfig limits = configuration.limits();
        relayAddresses = RelayPlan.addresses(configuration.relay());
        relayPorts =
                new RelayAddresses(
                        relayAddresses,
                        configuration.relay().ports().first(),
                        configuration.relay().ports().last(),
                        random);
        openRelays = new OpenRelays(relayAddresses);
        ownAddresses = new ServerAddresses(openRelays);
        quotas = new Quotas(limits.allocations(), limits.allocationsPerUser());
        Cores cores =
                new Cores(
                        policy(configuration, relayPorts),
                        new PeerPolicy(
                                configuration.peers().allow(),
                                configuration.peers().deny(),
                                ownAddresses),
                        authenticator(configuration),
                        quotas,
                        new Reservations(limits.reservations()),
                        random);
        int threads = configuration.relay().threads();
        loops =
                new MultiThreadIoEventLoopGroup(
                        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                        new DefaultThreadFactory("hairpin-shard"),
                        netty.ioHandlers());
        long start = System.nanoTime();
        shards = new ArrayList<>();
        for (EventExecutor loop : loops) {
            shards.add(shard((EventLoop) loop, () -> System.nanoTime() - start, cores));
        }
    }

    /// What the cores of all shards share.
    private record Cores(
            TurnPolicy policy,
            PeerPolicy peers,
            Authenticator authenticator,
            Quotas quotas,
            Reservations reservations,
            SecureRandom random) {

        TurnCore create() {
            return new TurnCore(policy, peers, authenticator, quotas, reservations, random);
        }
    }

    private Shard shard(EventLoop loop, LongSupplier clock, Cores cores) {
        Outbox outbox = new Outbox(loop);
        NettyDatagramNetwork network = new NettyDatagramNetwork(netty, loop, outbox);
        Traffic traffic = new CountedTraffic();
        DataPaths paths =
                new DataPaths(clock, new SplittableRandom(random.nextLong()), openRelays, traffic);
        return new Shard(
                new Shard.Io(loop, outbox, network),
                clock,
                cores.create(),
                new Relays(network, relayPorts, paths, faults),
                traffic,
                log,
                faults);
    }

    private void listen() {
        LimitsConfig limits = configuration.limits();
        listeners =
                new Listeners(
                                netty,
                                loops,
                                shards,
                                new TcpSettings(
                                        limits.tcpFirstMessageTimeout(),
                                        limits.tcpIdleTimeout(),
                                        limits.tcpWriteQueue().bytes()),
                                new ConnectionLimit(limits.tcpConnections()))
                        .open(ListenerPlan.of(configuration.listeners(), netty));
        listeners.forEach(bound -> ownAddresses.addEndpoint(bound.address()));
        addressRefresh =
                loops.next()
                        .scheduleWithFixedDelay(
                                () -> Thread.startVirtualThread(ownAddresses::refresh),
                                ADDRESS_REFRESH.toSeconds(),
                                ADDRESS_REFRESH.toSeconds(),
                                TimeUnit.SECONDS);
    }

    /// Where clients are served over that transport, with the ports that were really bound.
    public List<InetSocketAddress> addresses(Transport transport) {
        return listeners.stream()
                .filter(bound -> bound.transport() == transport)
                .map(Listeners.Bound::address)
                .toList();
    }

    /// Stops serving within a second or two. Clients are told nothing: their allocations are gone
    /// without any message that could be mistaken for an answer.
    @Override
    public void close() {
        if (addressRefresh != null) {
            addressRefresh.cancel(false);
        }
        loops.shutdownGracefully(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    private static TurnPolicy policy(Configuration configuration, RelayAddresses relays) {
        LimitsConfig limits = configuration.limits();
        return new TurnPolicy(
                relays.families(),
                limits.defaultLifetime(),
                limits.maxLifetime(),
                limits.permissionLifetime(),
                limits.channelLifetime(),
                RESERVATION_LIFETIME,
                limits.permissionsPerAllocation(),
                limits.channelsPerAllocation(),
                configuration.compatibility().rfc5766Channels()
                        ? TurnPolicy.LAST_RFC5766_CHANNEL
                        : TurnPolicy.LAST_CHANNEL);
    }

    private Authenticator authenticator(Configuration configuration) {
        AuthenticationConfig authentication = configuration.authentication();
        String realm = configuration.realm();
        List<CredentialSource> sources = new ArrayList<>();
        try {
            if (!authentication.users().isEmpty()) {
                sources.add(new StaticUsers(realm, revealed(authentication.users())));
            }
            if (!authentication.sharedSecrets().isEmpty()) {
                sources.add(
                        new SharedSecrets(
                                realm,
                                authentication.sharedSecrets().stream()
                                        .map(Secret::reveal)
                                        .toList(),
                                InstantSource.system()));
            }
            byte[] nonceKey = new byte[2 * Nonces.MIN_KEY_BYTES];
            random.nextBytes(nonceKey);
            return new Authenticator(
                    realm,
                    sources,
                    new Nonces(nonceKey, authentication.staleNonce(), InstantSource.system()));
        } catch (IllegalArgumentException e) {
            throw new StartupException("authentication: " + e.getMessage());
        }
    }

    private static Map<String, String> revealed(Map<String, Secret> users) {
        return users.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().reveal()));
    }
}
