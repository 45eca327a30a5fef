package io.hairpin.server;

import io.hairpin.dtls.DtlsEngine;
import io.hairpin.dtls.DtlsIdentity;
import io.hairpin.net.BindFailure;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.HeldPorts;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.Offload;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.admin.AdminServer;
import io.hairpin.server.admin.CountedListener;
import io.hairpin.server.admin.ListenerLabels;
import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.config.AdminConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.core.TcpRelaying;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.DataPaths;
import io.hairpin.server.relay.OpenRelays;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.server.relay.RelayAddresses;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.tls.Identities;
import io.hairpin.server.tls.Identity;
import io.hairpin.server.transport.ProxyRanges;
import io.hairpin.server.transport.StreamServices;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// A running STUN and TURN server: puts everything together, and takes it apart again.
public final class TurnServer implements AutoCloseable {

    /// How often this machine is asked for its addresses again.
    private static final Duration ADDRESS_REFRESH = Duration.ofSeconds(30);

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);

    private final Configuration configuration;
    private final LimitsPlan limits;
    private final Cores cores;
    private final LookUps lookUps;
    private final SocketKind socketKind;
    private final List<RelayAddress> relayAddresses;
    private final Optional<DiscoveryPlan> discovery;
    private final ServerAddresses ownAddresses;
    private final HeldPorts heldPorts = new HeldPorts();
    private final RelayAddresses relayPorts;
    private final EventLoopGroup loops;
    private final List<Shard> shards;

    private final ProxyRanges proxies;
    private final Listeners sockets;

    private StreamServices services = StreamServices.NONE;

    /// What TLS and DTLS are served by; null without a certificate.
    private @Nullable ServerCertificates certificates;

    // What opens once the server starts.
    private final List<Listeners.Bound> listeners = new ArrayList<>();
    private final List<CountedListener> counted = new ArrayList<>();
    private @Nullable ServerMetrics metrics;
    private @Nullable AdminServer admin;
    private @Nullable ScheduledFuture<?> addressRefresh;
    private volatile boolean ready;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts a server and returns when everything is bound. UDP clients are served before that.
    ///
    /// @throws StartupException if something cannot be had; nothing is left open then
    public static TurnServer start(Configuration configuration) {
        return start(configuration, SocketPlan.kind(configuration.sockets()));
    }

    static TurnServer start(Configuration configuration, SocketKind sockets) {
        TurnServer server = new TurnServer(configuration, sockets);
        try {
            server.open();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private TurnServer(Configuration configuration, SocketKind socketKind) {
        this.configuration = configuration;
        long start = System.nanoTime();
        LongSupplier clock = () -> System.nanoTime() - start;
        limits = LimitsPlan.of(configuration, clock);
        this.socketKind = socketKind;
        SecureRandom random = new SecureRandom();
        relayAddresses = RelayPlan.addresses(configuration.relay());
        discovery = DiscoveryPlan.of(configuration);
        relayPorts =
                new RelayAddresses(
                        relayAddresses,
                        configuration.relay().ports().first(),
                        configuration.relay().ports().last(),
                        random);
        OpenRelays openRelays = new OpenRelays(relayAddresses);
        ownAddresses = new ServerAddresses(openRelays);
        TcpPlan tcp = TcpPlan.of(configuration, socketKind, relayAddresses, clock);
        cores =
                Cores.of(
                        configuration,
                        relayPorts.families(),
                        socketKind.forbidsFragments(),
                        ownAddresses,
                        ownAddresses.with(tcp.open()),
                        limits.shared(),
                        random);

        Faults faults = new Faults();
        lookUps = LookUpPlan.of(configuration, clock, faults);
        TcpRelaying relaying = cores.tcp();
        proxies = new ProxyRanges(configuration.proxyProtocol().from());
        int threads = configuration.relay().threads();
        IoLoops io =
                IoLoops.start(
                        socketKind,
                        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                        new DefaultThreadFactory("shard"),
                        clock);
        loops = io.group();
        EffectLog log = new EffectLog(new FloodLog(clock));
        shards = new ArrayList<>();
        Offload offload = configuration.sockets().offload() ? Offload.ON : Offload.OFF;
        SocketBuffers relayBuffers = SocketPlan.relays(configuration.sockets());
        for (IoLoop loop : io.all()) {
            int number = shards.size();
            DatagramNetwork network = socketKind.network(loop, offload);
            DataPaths paths =
                    new DataPaths(
                            loop.clock(),
                            new SplittableRandom(random.nextLong()),
                            openRelays,
                            relayBuffers,
                            SocketPlan.relaySignals(configuration.sockets()),
                            socketKind.forbidsFragments());
            shards.add(
                    new Shard(
                            new Shard.Io(loop, network, lookUps, random.nextLong()),
                            clock,
                            cores.create(number),
                            new Relays(network, relayPorts, heldPorts, paths, faults),
                            relaying == null ? null : tcp.on(loop, relayPorts, faults),
                            proxies,
                            log,
                            faults,
                            shards::get));
        }
        sockets =
                new Listeners(
                        socketKind,
                        loops,
                        shards,
                        SocketPlan.listeners(configuration.sockets()),
                        SocketPlan.listenerSignals(configuration.sockets()),
                        limits);
    }

    private void open() {
        List<ListenerPlan> plans =
                ListenerPlan.of(DiscoveryPlan.listeners(configuration), socketKind);
        // A permission may be older than an endpoint, so their addresses have to be known before.
        plans.forEach(plan -> ownAddresses.addEndpoint(plan.address()));
        discovery
                .map(DiscoveryPlan::advertised)
                .orElse(List.of())
                .forEach(ownAddresses::addEndpoint);
        ownAddresses.addEndpoint(configuredAdminAddress());

        serve(plans, ListenerTransport.UDP); // these clients have nobody else to wait for
        certificates =
                configuration.tls().hasCertificate()
                        ? ServerCertificates.open(configuration)
                        : null;
        services = services(certificates);
        sockets.offer(services);
        serve(plans, ListenerTransport.TCP);
        metrics = new ServerMetrics(counted);
        metrics.freePorts(relayPorts::freePorts);
        limits.register(metrics, cores.realms(), HoldingPlan.resources(configuration));
        lookUps.register(metrics);
        if (certificates != null) {
            serveDtls(certificates.identities(), metrics);
            certificates.register(metrics);
            certificates.watch();
        }
        admin = startAdmin(metrics);
        ownAddresses.addEndpoint(admin.address());
        addressRefresh =
                loops.next()
                        .scheduleWithFixedDelay(
                                () -> Thread.startVirtualThread(ownAddresses::refresh),
                                ADDRESS_REFRESH.toSeconds(),
                                ADDRESS_REFRESH.toSeconds(),
                                TimeUnit.SECONDS);
        sockets.accept();
        ready = true;
    }

    private StreamServices services(@Nullable ServerCertificates certificates) {
        return new StreamServices(
                certificates == null ? null : certificates.tls(),
                proxies,
                configuration
                        .httpBackend()
                        .map(to -> InetSocketAddress.createUnresolved(to.host(), to.port()))
                        .orElse(null));
    }

    private InetSocketAddress configuredAdminAddress() {
        AdminConfig config = configuration.admin();
        return new InetSocketAddress(config.address(), config.port());
    }

    private AdminServer startAdmin(ServerMetrics metrics) {
        InetSocketAddress address = configuredAdminAddress();
        try {
            return AdminServer.start(
                    address,
                    metrics,
                    () -> ready ? Optional.empty() : Optional.of("starting or stopping"));
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartupException(
                    Listeners.message("admin " + Text.of(address), address, BindFailure.of(cause)));
        }
    }

    /// Opens all listeners of that transport, and has every shard serve their clients.
    private void serve(List<ListenerPlan> plans, ListenerTransport transport) {
        List<Listeners.Bound> opened =
                sockets.open(
                        plans.stream()
                                .filter(plan -> plan.transport().carrier() == transport)
                                .toList());
        opened.forEach(bound -> ownAddresses.addEndpoint(bound.address()));
        for (Listeners.Bound bound : opened) {
            Map<Transport, CountedListener> counters = new EnumMap<>(Transport.class);
            for (Transport spoken : spokenOver(bound.transport())) {
                ListenerLabels labels =
                        new ListenerLabels(Text.of(spoken), Text.of(bound.address()));
                counters.put(spoken, CountedListener.of(labels, shards.size()));
            }
            for (int i = 0; i < shards.size(); i++) {
                Shard shard = shards.get(i);
                Map<Transport, CountedTraffic> traffic = new EnumMap<>(Transport.class);
                int index = i;
                counters.forEach(
                        (spoken, each) ->
                                traffic.put(spoken, new CountedTraffic(each.shards().get(index))));
                shard.loop()
                        .submit(() -> shard.clients().serve(bound, traffic))
                        .syncUninterruptibly();
            }
            listeners.add(bound);
            counted.addAll(counters.values());
        }
    }

    /// Has every UDP listener serve DTLS as well.
    private void serveDtls(Identities identities, ServerMetrics metrics) {
        DtlsEngine engine =
                new DtlsEngine(
                        name -> identity(identities.identity(name)),
                        limits.dtls(),
                        new SecureRandom());
        for (Listeners.Bound bound : listeners) {
            if (bound.transport() == Transport.UDP) {
                shards.forEach(
                        shard ->
                                shard.loop()
                                        .submit(() -> shard.clients().serve(bound, engine))
                                        .syncUninterruptibly());
            }
        }
        metrics.count("dtls.sessions.opened", "DTLS sessions established", engine::opened);
        limits.register(metrics, engine);
    }

    private DtlsIdentity identity(Identity identity) {
        return new DtlsIdentity(
                identity.chain(), identity.key(), configuration.tls().rawPublicKeys());
    }

    /// What clients speak over that carrier: itself alone, unless there is a certificate.
    private List<Transport> spokenOver(Transport carrier) {
        if (!configuration.tls().hasCertificate()) {
            return List.of(carrier);
        }
        return carrier == Transport.TCP
                ? List.of(Transport.TCP, Transport.TLS)
                : List.of(Transport.UDP, Transport.DTLS);
    }

    /// Where clients are served over that transport, with the ports that were really bound.
    public List<InetSocketAddress> addresses(Transport transport) {
        return listeners.stream()
                .filter(bound -> spokenOver(bound.transport()).contains(transport))
                .map(Listeners.Bound::address)
                .toList();
    }

    /// Where metrics and health are served.
    public InetSocketAddress adminAddress() {
        if (admin == null) {
            throw new IllegalStateException("not started");
        }
        return admin.address();
    }

    /// Shows a count of the surrounding program's among the metrics.
    ///
    /// @param name without `hairpin`, with dots
    public void count(String name, String description, LongSupplier count) {
        if (metrics == null) {
            throw new IllegalStateException("not started");
        }
        metrics.count(name, description, count);
    }

    /// What is served where, for people to read: a line each.
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        listeners.forEach(bound -> lines.add("listening on " + bound));
        lines.addAll(RelayPlan.describe(relayAddresses, configuration.relay()));
        lines.add("admin on http://" + Text.of(adminAddress()) + "/metrics, /healthz, /readyz");
        lines.add("data path " + socketKind + ", shards " + shards.size());
        lines.addAll(SocketPlan.shortcomings(configuration.sockets(), socketKind));
        if (certificates != null) {
            lines.addAll(certificates.describe());
        }
        discovery.map(DiscoveryPlan::describe).ifPresent(lines::addAll);
        lines.addAll(RedirectPlan.describe(configuration.redirect()));
        lines.addAll(LookUpPlan.describe(configuration));
        lines.addAll(SocketPlan.clamped(configuration.sockets(), sockets.granted()));
        RelayPlan.warnings(relayAddresses).forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    /// Stops within a second or two. Clients are told nothing: no answer that is not true, and
    /// allocations that are gone show by their silence.
    @Override
    public void close() {
        ready = false;
        if (closed.getAndSet(true)) {
            return;
        }
        if (addressRefresh != null) {
            addressRefresh.cancel(false);
        }
        if (certificates != null) {
            certificates.close();
        }
        sockets.close();
        shards.stream().map(Shard::stop).toList().forEach(CompletableFuture::join);
        sockets.disconnect(SHUTDOWN_TIMEOUT);
        lookUps.close();
        heldPorts.close();
        loops.shutdownGracefully(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
        if (admin != null) {
            admin.close();
        }
        if (metrics != null) {
            metrics.close();
        }
    }
}
