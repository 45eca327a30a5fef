package io.hairpin.client.load;

import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.IoLoop;
import io.hairpin.net.Offload;
import io.hairpin.net.Opened;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// What happens on one event loop: its clients, its peers, and the packets between them. Its
/// methods may be called on any thread, and what they start happens on the loop.
final class LoadLoop {

    /// How often requests that wait are looked at.
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// What a loop with much to do may take between two sweeps.
    private static final long LONGEST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long RENEWAL_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Many clients share a peer.
    private static final SocketBuffers PEER_BUFFERS = new SocketBuffers(4 << 20, 4 << 20);

    /// Where the generator's own sockets are bound.
    record Local(InetAddress clients, InetAddress peers) {}

    private final LoadPlan plan;
    private final int index;
    private final Local local;
    private final LoopTasks tasks;
    private final DatagramNetwork network;
    private final SocketFaults faults = new SocketFaults();
    private final SplittableRandom random;
    private final Negotiated negotiated = new Negotiated();
    private final @Nullable TlsLayer tls;

    /// Of the flood, whose handshakes nobody counts.
    private final @Nullable TlsLayer floodTls;

    private final Link.Opener udpLinks;
    private final Link.Opener links;
    private final AwakeClock patience = new AwakeClock(System::nanoTime, LONGEST_SWEEP_NANOS);
    private final Crew crew;
    private final @Nullable Traffic traffic;
    private final Floods floods;
    private final List<LoadPeer> peers = new ArrayList<>();
    private List<PacketTemplate> upstream = List.of();
    private @Nullable PacketTemplate downstream;

    /// @param index of this loop among all
    LoadLoop(LoadPlan plan, int index, Local local, SocketKind kind, IoLoop loop) {
        this.plan = plan;
        this.index = index;
        this.local = local;
        tasks = new LoopTasks(loop.loop(), faults);
        network = kind.network(loop, plan.offload() ? Offload.ON : Offload.OFF);
        random = new SplittableRandom(plan.seed() + index);
        udpLinks = new UdpLink.Opener(network, local.clients(), plan.server(), faults);
        tls = plan.transport() == ClientTransport.TLS ? tlsLayer(negotiated) : null;
        floodTls = tls == null || plan.flood().isEmpty() ? null : tlsLayer(new Negotiated());
        links =
                switch (plan.transport()) {
                    case UDP -> datagramLinks();
                    case TCP, TLS -> tcpLinks(kind, loop, tls);
                    case DTLS ->
                            new DtlsLinks(
                                    datagramLinks(),
                                    loop,
                                    plan.tls().orElseThrow(),
                                    plan.server(),
                                    negotiated,
                                    faults);
                };
        traffic = plan.traffic().map(this::trafficOf).orElse(null);
        TcpLink.Opener tcp = tcpLinks(kind, loop, null);
        floods =
                index > 0
                        ? new Floods()
                        : new Floods(
                                plan,
                                tcp.connections(),
                                udpLinks,
                                plan.transport().isStream()
                                        ? List.of(udpLinks, tcpLinks(kind, loop, floodTls))
                                        : List.of(udpLinks),
                                System::nanoTime);
        int concurrency = Math.max(1, plan.share(plan.setUp().concurrency(), index));
        crew = new Crew(plan.share(plan.clients(), index), concurrency, this::arrived);
    }

    private TlsLayer tlsLayer(Negotiated counted) {
        return TlsLayer.of(plan.tls().orElseThrow(), plan.server(), counted);
    }

    private Link.Opener datagramLinks() {
        return plan.clientNetwork()
                .<Link.Opener>map(
                        addresses -> new SharedUdpLinks(network, addresses, plan.server(), faults))
                .orElse(udpLinks);
    }

    private Traffic trafficOf(TrafficPlan of) {
        long all = of.packets();
        long share = all / plan.threads() + (index < all % plan.threads() ? 1 : 0);
        return new Traffic(
                of, random.nextInt(), all == 0 ? Long.MAX_VALUE : share, System::nanoTime);
    }

    private TcpLink.Opener tcpLinks(SocketKind kind, IoLoop loop, @Nullable TlsLayer layer) {
        return new TcpLink.Opener(kind, loop, local.clients(), plan.server(), faults, layer);
    }

    /// Opens the sockets of peers and floods; fails with a [LoadException] if one cannot be.
    CompletableFuture<Void> open() {
        return tasks.begin(
                done -> {
                    tasks.every(SWEEP_NANOS, this::sweep);
                    tasks.every(RENEWAL_SWEEP_NANOS, crew::renew);
                    floods.open();
                    List<CompletableFuture<?>> opening = new ArrayList<>();
                    for (int i = 0; traffic != null && i < plan.peers(); i++) {
                        opening.add(openPeer(traffic));
                    }
                    CompletableFuture.allOf(opening.toArray(new CompletableFuture<?>[0]))
                            .whenComplete((_, cause) -> LoopTasks.complete(done, cause));
                });
    }

    private void sweep() {
        patience.advance();
        crew.sweep();
    }

    private CompletableFuture<?> openPeer(Traffic traffic) {
        DatagramNetwork.Spec spec =
                new DatagramNetwork.Spec(
                        new InetSocketAddress(local.peers(), 0),
                        DatagramNetwork.PortUse.ALONE,
                        PEER_BUFFERS);
        LoadPeer peer = new LoadPeer(traffic, faults);
        return network.open(spec, peer)
                .thenAccept(
                        opened -> {
                            switch (opened) {
                                case Opened.Bound(DatagramEndpoint endpoint) -> {
                                    peer.opened(endpoint);
                                    peers.add(peer);
                                }
                                case Opened.Failed(var failure) ->
                                        throw new LoadException(
                                                "no socket for a peer on "
                                                        + local.peers().getHostAddress()
                                                        + ": "
                                                        + failure.detail());
                            }
                        })
                .toCompletableFuture();
    }

    /// Sets all clients up; completes when each is ready or has failed.
    CompletableFuture<Void> setUp() {
        ClientPlan common =
                new ClientPlan(
                        plan.accounts(),
                        plan.setUp().retransmission(),
                        local.peers() instanceof Inet6Address,
                        permission(),
                        random,
                        System::nanoTime,
                        patience::nanos);
        return tasks.begin(done -> crew.setUp(i -> client(common, i), () -> done.complete(null)));
    }

    /// Ends the set-ups that are under way, and those that have not begun.
    CompletableFuture<Void> giveUp(String why) {
        return tasks.run(() -> crew.giveUp(why));
    }

    private ClientPlan.Permission permission() {
        if (traffic == null) {
            return ClientPlan.Permission.NONE;
        }
        return plan.traffic().filter(TrafficPlan::indications).isPresent()
                ? ClientPlan.Permission.PLAIN
                : ClientPlan.Permission.CHANNEL;
    }

    private LoadClient client(ClientPlan common, int i) {
        int number = i * plan.threads() + index;
        InetSocketAddress peer = traffic == null ? null : peerOf(number).address();
        return new LoadClient(common, number, peer, links, crew);
    }

    private LoadPeer peerOf(int client) {
        return peers.get(client % peers.size());
    }

    /// Begins to send, as far as there are clients that can.
    CompletableFuture<Void> start() {
        return tasks.begin(
                done -> {
                    if (traffic != null) {
                        TrafficPlan of = plan.traffic().orElseThrow();
                        upstream = peers.stream().map(peer -> packetTo(peer, of)).toList();
                        downstream = PacketTemplate.plain(of.payloadBytes());
                        for (LoadClient client : crew.clients()) {
                            client.flow(traffic.add(source(client, of.direction())));
                        }
                        double phase = (double) index / plan.threads();
                        tasks.every(traffic.start(phase), traffic::tick);
                    }
                    floods.start(tasks);
                    done.complete(null);
                });
    }

    private PacketTemplate packetTo(LoadPeer peer, TrafficPlan of) {
        return of.indications()
                ? PacketTemplate.sendIndication(
                        peer.address(), of.payloadBytes(), TransactionId.random(random))
                : PacketTemplate.channelData(
                        ClientPlan.CHANNEL_NUMBER, of.payloadBytes(), plan.transport().isStream());
    }

    private Flow.Source source(LoadClient client, Direction direction) {
        int run = traffic().run();
        return switch (direction) {
            case BOTH, UP -> {
                PacketTemplate packet = upstream.get(client.number() % peers.size());
                yield (now, sequence) ->
                        client.send(packet.stamped(now, sequence, client.flow(), run));
            }
            case DOWN -> {
                LoadPeer peer = peerOf(client.number());
                PacketTemplate packet = downstream();
                TransportAddress relayed = TransportAddress.of(client.relayed());
                yield (now, sequence) ->
                        peer.send(packet.stamped(now, sequence, client.flow(), run), relayed);
            }
        };
    }

    private Traffic traffic() {
        if (traffic == null) {
            throw new IllegalStateException("no traffic is planned");
        }
        return traffic;
    }

    private PacketTemplate downstream() {
        if (downstream == null) {
            throw new IllegalStateException("the traffic has not started");
        }
        return downstream;
    }

    private void arrived(int flow, ByteBuffer bytes, int offset, int length) {
        if (traffic != null) {
            traffic.atClient(flow, bytes, offset, length);
        }
    }

    CompletableFuture<Void> openWindow() {
        return tasks.run(() -> traffic().openWindow());
    }

    /// Ends the measuring window, and the traffic with it.
    CompletableFuture<Void> closeWindow() {
        return tasks.run(
                () -> {
                    traffic().stop();
                    traffic().closeWindow();
                });
    }

    /// Whether that is true of the traffic here, or there is none.
    CompletableFuture<Boolean> ask(Predicate<Traffic> question) {
        return tasks.begin(answer -> answer.complete(traffic == null || question.test(traffic)));
    }

    CompletableFuture<Sample> sample() {
        return tasks.begin(taken -> taken.complete(takeSample()));
    }

    private Sample takeSample() {
        Traffic counted = traffic;
        return new Sample(
                counted == null
                        ? Counts.NONE
                        : counted.counts(faults.unsent(), faults.overrun(), floods.broken()),
                counted == null ? new Latencies() : counted.takeRecent(),
                counted == null ? new Latencies() : counted.measured().copy(),
                crew.setUps().copy(),
                negotiated.copy(),
                floods.halfOpen(),
                faults.mistake());
    }

    /// Gives all allocations back; completes when that is done.
    CompletableFuture<Void> disband() {
        return tasks.begin(done -> crew.leave(() -> done.complete(null)));
    }

    /// Gives all allocations back, and ends the floods; completes when that is done.
    CompletableFuture<Void> leave() {
        return tasks.begin(
                done -> {
                    floods.leave();
                    crew.leave(() -> done.complete(null));
                });
    }

    /// Closes what is open.
    CompletableFuture<Void> close() {
        return tasks.begin(
                done -> {
                    floods.close();
                    crew.abandon();
                    if (tls != null) {
                        tls.close();
                    }
                    if (floodTls != null) {
                        floodTls.close();
                    }
                    network.close().whenComplete((_, cause) -> LoopTasks.complete(done, cause));
                });
    }
}
