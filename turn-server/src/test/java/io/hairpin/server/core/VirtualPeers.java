package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// The TCP connections between the relays of a simulated server and peers: those that are open, and
/// which clients' they are joined with. Shared by its shards.
final class VirtualPeers {

    private static final long MAX_DELAY_NANOS = 40_000_000_000L;

    /// A connection with a peer, from when it is asked for.
    private static final class Link {
        final VirtualShell shell;
        boolean open;
        @Nullable VirtualShell clientShell;
        @Nullable FiveTuple client;

        Link(VirtualShell shell) {
            this.shell = shell;
        }
    }

    private final Simulation simulation;
    private final List<InetSocketAddress> hosts;
    private final Tally tally;
    private final RandomGenerator random;
    private final Map<ConnectionId, Link> links = new LinkedHashMap<>();
    private final Map<FiveTuple, ConnectionId> joined = new HashMap<>();
    private final Set<Long> arrivals = new TreeSet<>();
    private long lastArrival;

    VirtualPeers(Simulation simulation, List<InetSocketAddress> hosts, Tally tally) {
        this.simulation = simulation;
        this.hosts = hosts;
        this.tally = tally;
        random = simulation.randomness();
    }

    void execute(VirtualShell shell, Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(_, var id, _) -> connect(shell, id);
            case Effect.Tcp.Admit(_, var arrival, var id) -> {
                assertThat(arrivals.remove(arrival)).as("a peer to admit").isTrue();
                Link link = new Link(shell);
                links.put(id, link);
                opened(id, link);
                tally.count("peer admitted");
            }
            case Effect.Tcp.TurnAway(_, var arrival, var reason) -> {
                assertThat(arrivals.remove(arrival)).as("a peer to turn away").isTrue();
                tally.count("peer turned away: " + reason);
            }
            case Effect.Tcp.Announce(var to, var message) -> shell.toClient(to, message.toBytes());
            case Effect.Tcp.Join(var client, var id) -> join(shell, client, id);
            case Effect.Tcp.Close(var id, var reason) -> {
                tally.count("peer closed: " + reason);
                close(id);
            }
        }
    }

    private void connect(VirtualShell shell, ConnectionId id) {
        Link link = new Link(shell);
        assertThat(links.put(id, link)).as("a connection under the same id").isNull();
        boolean refused = random.nextInt(4) == 0;
        simulation.after(
                random.nextLong(random.nextInt(4) == 0 ? MAX_DELAY_NANOS : 50_000_000L),
                () -> {
                    if (links.get(id) != link) {
                        return; // closed before it was open
                    }
                    if (refused) {
                        links.remove(id);
                        shell.handle(new Event.Tcp.Failed(id, "refused"));
                    } else {
                        shell.handle(new Event.Tcp.Connected(id));
                        opened(id, link);
                    }
                });
    }

    /// Peers go away when they like.
    private void opened(ConnectionId id, Link link) {
        link.open = true;
        simulation.after(random.nextLong(2 * MAX_DELAY_NANOS), () -> close(id));
    }

    /// Some peer will connect to a relay, if it is still there by then.
    void expect(
            VirtualShell shell,
            AllocationId allocation,
            AddressFamily family,
            BooleanSupplier isOpen) {
        List<InetSocketAddress> able =
                hosts.stream()
                        .filter(host -> AddressFamily.of(host.getAddress()) == family)
                        .toList();
        for (int i = random.nextInt(24); i > 0; i--) {
            InetSocketAddress peer = able.get(random.nextInt(able.size()));
            simulation.after(
                    random.nextLong(2 * MAX_DELAY_NANOS),
                    () -> {
                        if (isOpen.getAsBoolean()) {
                            arrive(shell, allocation, peer);
                        }
                    });
        }
    }

    private void arrive(VirtualShell shell, AllocationId allocation, InetSocketAddress peer) {
        long arrival = ++lastArrival;
        arrivals.add(arrival);
        shell.handle(new Event.Tcp.Arrived(allocation, arrival, peer));
    }

    private void join(VirtualShell shell, FiveTuple client, ConnectionId id) {
        Link link = links.get(id);
        if (link == null) { // the peer has just gone, and its shard will hear of it
            shell.hangUp(client);
            return;
        }
        assertThat(link.client).as("a connection that is joined already").isNull();
        link.client = client;
        link.clientShell = shell;
        joined.put(client, id);
        tally.count(link.shell == shell ? "joined" : "joined across shards");
    }

    /// Whether what this client sends is for a peer.
    boolean carries(FiveTuple client) {
        return joined.containsKey(client);
    }

    /// The client of a joined connection is gone.
    void clientClosed(FiveTuple client) {
        close(Objects.requireNonNull(joined.get(client)));
    }

    private void close(ConnectionId id) {
        Link link = links.remove(id);
        if (link == null) {
            return;
        }
        if (link.client != null) {
            joined.remove(link.client);
            Objects.requireNonNull(link.clientShell).hangUp(link.client);
        }
        if (link.open) {
            simulation.after(1, () -> link.shell.handle(new Event.Tcp.Closed(id)));
        }
    }

    boolean isEmpty() {
        return links.isEmpty() && joined.isEmpty() && arrivals.isEmpty();
    }
}
