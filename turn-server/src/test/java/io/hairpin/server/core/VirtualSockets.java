package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The relay sockets of one shard of a simulated server: opening one may take long or fail.
final class VirtualSockets {

    private record RelayName(AllocationId allocation, AddressFamily family) {}

    private final int shard;
    private final Simulation simulation;
    private final VirtualNetwork network;
    private final VirtualRelays relays;
    private final VirtualPeers peers;
    private final Ledger ledger;
    private final Tally tally;
    private final RandomGenerator random;

    private final Map<RelayName, InetSocketAddress> sockets = new HashMap<>();
    private final Set<RelayName> tcp = new HashSet<>();
    private @Nullable VirtualShell shell;
    private @Nullable VirtualDataPath data;

    VirtualSockets(
            int shard,
            Simulation simulation,
            VirtualNetwork network,
            VirtualRelays relays,
            VirtualPeers peers,
            Ledger ledger,
            Tally tally) {
        this.shard = shard;
        this.simulation = simulation;
        this.network = network;
        this.relays = relays;
        this.peers = peers;
        this.ledger = ledger;
        this.tally = tally;
        random = simulation.randomness();
    }

    /// Says who hears of what happens to sockets; called once, before the first is opened.
    void serve(VirtualShell shell, VirtualDataPath data) {
        this.shell = shell;
        this.data = data;
    }

    private VirtualShell shell() {
        return Objects.requireNonNull(shell);
    }

    private VirtualDataPath data() {
        return Objects.requireNonNull(data);
    }

    boolean isEmpty() {
        return sockets.isEmpty();
    }

    void open(AllocationId id, FiveTuple client, RelaySpec spec) {
        NetworkFaults faults = network.faults();
        VirtualRelays.Lease lease = relays.lease(spec).orElse(null);
        if (lease == null) {
            tally.count("ports ran out");
            shell().handle(new Event.RelayFailed(id, spec.family(), "no free port"));
        } else if (random.nextDouble() < faults.slowBind()) {
            long delayNanos = 1 + random.nextLong(faults.slowBindDelay().toNanos());
            simulation.after(delayNanos, () -> bind(id, client, spec, lease));
        } else {
            bind(id, client, spec, lease);
        }
    }

    private void bind(
            AllocationId id, FiveTuple client, RelaySpec spec, VirtualRelays.Lease lease) {
        InetSocketAddress relayed = lease.relayed();
        if (random.nextDouble() < network.faults().bindFailure()) {
            tally.count("bind failed");
            relays.release(relayed);
            lease.reserved().ifPresent(relays::release);
            shell().handle(new Event.RelayFailed(id, spec.family(), "bind failed"));
            return;
        }
        relays.opened(relayed);
        RelayName name = new RelayName(id, spec.family());
        sockets.put(name, relayed);
        if (spec.transport() == RelayTransport.TCP) {
            tcp.add(name);
            peers.expect(shell(), id, spec.family(), () -> tcp.contains(name));
        } else {
            network.attach(relayed, host(id));
        }
        ledger.opened(shard, id, client);
        shell().handle(
                        new Event.RelayOpened(
                                id, spec.family(), relayed, lease.reserved().orElse(null)));
    }

    private VirtualNetwork.Host host(AllocationId id) {
        return new VirtualNetwork.Host() {
            @Override
            public void received(InetSocketAddress from, InetSocketAddress to, byte[] data) {
                data().fromPeer(id, from, data);
            }

            @Override
            public void unreachable(InetSocketAddress destination) {
                shell().handle(new Event.IcmpReceived(id, destination, anyError()));
            }
        };
    }

    /// Most are of a type that clients are told of.
    private IcmpError anyError() {
        return new IcmpError(random.nextInt(1, 5), random.nextInt(8), random.nextInt());
    }

    void close(AllocationId id, AddressFamily family) {
        RelayName name = new RelayName(id, family);
        InetSocketAddress relayed = sockets.remove(name);
        assertThat(relayed).as("the relay to close: %s", name).isNotNull();
        if (!tcp.remove(name)) {
            network.detach(Objects.requireNonNull(relayed));
        }
        relays.closed(Objects.requireNonNull(relayed));
    }

    /// Whether the relay towards that peer is one of TCP.
    boolean isTcp(AllocationId id, InetSocketAddress peer) {
        return tcp.contains(new RelayName(id, AddressFamily.of(peer.getAddress())));
    }

    void toPeer(AllocationId id, InetSocketAddress peer, byte[] data) {
        AddressFamily family = AddressFamily.of(peer.getAddress());
        InetSocketAddress relayed = sockets.get(new RelayName(id, family));
        assertThat(relayed).as("a relay for what may pass to %s", peer).isNotNull();
        network.send(Objects.requireNonNull(relayed), peer, data);
    }
}
