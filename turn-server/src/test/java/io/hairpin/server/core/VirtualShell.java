package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.DataIndication;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One shard of a simulated server: does for its core what the real shell does, on a
/// [VirtualNetwork], and shows the [Ledger] all of it.
final class VirtualShell {

    private record RelayName(AllocationId allocation, AddressFamily family) {}

    private final int shard;
    private final Simulation simulation;
    private final VirtualNetwork network;
    private final TurnCore core;
    private final VirtualRelays relays;
    private final VirtualPeers peers;
    private final Ledger ledger;
    private final Tally tally;
    private final RandomGenerator random;

    private final Map<FiveTuple, AllocationId> paths = new HashMap<>();
    private final Map<RelayName, InetSocketAddress> sockets = new HashMap<>();
    private final VirtualCrossing crossing;
    private final Set<FiveTuple> arriving = new HashSet<>();
    private final Set<RelayName> tcp = new HashSet<>();
    private final Queue<Event> events = new ArrayDeque<>();
    private final SendIndication send = new SendIndication();
    private boolean busy;
    private long timerNanos = Long.MAX_VALUE;

    VirtualShell(
            int shard,
            Simulation simulation,
            VirtualNetwork network,
            TurnCore core,
            VirtualRelays relays,
            VirtualCrossing crossing,
            VirtualPeers peers,
            Ledger ledger,
            Tally tally) {
        this.shard = shard;
        this.simulation = simulation;
        this.network = network;
        this.core = core;
        this.relays = relays;
        this.crossing = crossing;
        this.peers = peers;
        this.ledger = ledger;
        this.tally = tally;
        random = simulation.randomness();
    }

    TurnCore core() {
        return core;
    }

    boolean isEmpty() {
        return paths.isEmpty() && sockets.isEmpty() && arriving.isEmpty() && events.isEmpty();
    }

    void connected(FiveTuple client, VirtualConnection connection) {
        crossing.connections.put(client, connection);
    }

    void closed(FiveTuple client) {
        boolean known = crossing.connections.remove(client) != null;
        if (peers.carries(client)) {
            peers.clientClosed(client);
        } else if (known) {
            crossing.homes.getOrDefault(client, this).handle(new Event.ClientClosed(client));
        }
    }

    /// Closes the connection of a client, which may not notice.
    void hangUp(FiveTuple client) {
        crossing.connections.remove(client);
    }

    /// Takes in one datagram or one frame.
    void received(FiveTuple from, byte[] bytes) {
        if (from.transport().isStream() && !crossing.connections.containsKey(from)) {
            return; // the server has closed it
        }
        if (peers.carries(from)) {
            tally.count("data out by connection");
            return;
        }
        crossing.homes.getOrDefault(from, this).takeIn(from, bytes);
    }

    private void takeIn(FiveTuple from, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        switch (PacketKind.of(bytes.length == 0 ? 0xFF : bytes[0])) {
            case CHANNEL_DATA -> channelData(from, bytes);
            case STUN -> {
                SendIndication.Outcome outcome = send.wrap(buffer, 0, bytes.length);
                switch (outcome) {
                    case NOT_SEND -> decode(from, buffer);
                    case OK -> sendIndication(from, bytes);
                    case UNKNOWN_ATTRIBUTE -> tally.drop(DropReason.UNKNOWN_ATTRIBUTE);
                    case MALFORMED, NO_PEER, NO_DATA -> tally.drop(DropReason.MALFORMED);
                }
            }
            case DTLS, UNKNOWN -> tally.drop(DropReason.MALFORMED);
        }
    }

    private void decode(FiveTuple from, ByteBuffer buffer) {
        switch (StunDecoder.decode(buffer)) {
            case Decoded.Message(StunMessage message) ->
                    handle(new Event.MessageReceived(from, message));
            case Decoded.Malformed _ -> tally.drop(DropReason.MALFORMED);
        }
    }

    private void channelData(FiveTuple from, byte[] bytes) {
        arrive(from);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        AllocationId id = paths.get(from);
        if (id == null || !ChannelData.isWhole(frame, 0, bytes.length)) {
            tally.drop(id == null ? DropReason.NO_ALLOCATION : DropReason.MALFORMED);
            return;
        }
        Allocation allocation = allocation(id);
        int number = ChannelData.channel(frame, 0);
        Channel channel = allocation.channel(number, simulation.now());
        ledger.channelRead(shard, id, number, channel == null ? null : peerOf(channel));
        if (channel == null) {
            tally.drop(DropReason.UNBOUND_CHANNEL);
            return;
        }
        DropReason refusal = allocation.refusalOn(channel);
        ledger.policyRead(peerOf(channel), refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        tally.count("data out by channel");
        int start = ChannelData.HEADER_BYTES;
        toPeer(
                id,
                peerOf(channel),
                Arrays.copyOfRange(bytes, start, start + ChannelData.length(frame, 0)));
    }

    /// The first data by a new 5-tuple is told before it is relayed.
    private void arrive(FiveTuple from) {
        if (arriving.contains(from)) {
            handle(new Event.DataReceived(from));
            assertThat(arriving).doesNotContain(from);
        }
    }

    private void sendIndication(FiveTuple from, byte[] bytes) {
        arrive(from);
        AllocationId id = paths.get(from);
        if (id == null) {
            tally.drop(DropReason.NO_ALLOCATION);
            return;
        }
        InetSocketAddress peer =
                TransportAddress.socketAddress(send.peerHigh(), send.peerLow(), send.peerPort());
        DropReason refusal = TestAddresses.refusal(allocation(id), peer, simulation.now());
        ledger.permissionRead(shard, id, peer, refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        tally.count("data out by indication");
        int start = send.dataOffset();
        toPeer(id, peer, Arrays.copyOfRange(bytes, start, start + send.dataLength()));
    }

    private void toPeer(AllocationId id, InetSocketAddress peer, byte[] data) {
        AddressFamily family = AddressFamily.of(peer.getAddress());
        InetSocketAddress relayed = sockets.get(new RelayName(id, family));
        assertThat(relayed).as("a relay for what may pass to %s", peer).isNotNull();
        if (tcp.contains(new RelayName(id, family))) {
            tally.drop(DropReason.FAMILY_MISMATCH);
            return;
        }
        DropReason excess =
                ledger.shared().passToPeer(allocation(id), data.length, simulation.now());
        if (excess != null) {
            tally.drop(excess);
            return;
        }
        network.send(Objects.requireNonNull(relayed), peer, data);
    }

    private void fromPeer(AllocationId id, InetSocketAddress peer, byte[] data) {
        long now = simulation.now();
        Allocation allocation = core.allocation(id);
        if (allocation == null) { // the relay is open and the core does not know it yet
            tally.drop(DropReason.NO_ALLOCATION);
            return;
        }
        Channel channel = TestAddresses.channelTo(allocation, peer, now);
        DropReason refusal =
                channel == null
                        ? TestAddresses.refusal(allocation, peer, now)
                        : allocation.refusalFrom(channel, now);
        ledger.permissionRead(shard, id, peer, refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        ledger.channelToRead(shard, id, peer, channel == null ? null : channel.number());
        if (allocation.roaming != null && allocation.roaming.away) {
            tally.drop(DropReason.CLIENT_AWAY);
            return;
        }
        DropReason excess = ledger.shared().passToClient(allocation, data.length, now);
        if (excess != null) {
            tally.drop(excess);
            return;
        }
        tally.count(channel == null ? "data in by indication" : "data in by channel");
        toClient(
                allocation.client(),
                channel == null ? wrapped(peer, data) : framed(channel.number(), data));
    }

    private byte[] wrapped(InetSocketAddress peer, byte[] data) {
        int header = DataIndication.headerBytes(AddressFamily.of(peer.getAddress()));
        int length = header + data.length + DataIndication.paddingOf(data.length);
        ByteBuffer message = ByteBuffer.allocate(length);
        TransactionId transaction = TransactionId.random(random);
        TransportAddress address = TransportAddress.of(peer);
        DataIndication.writeHeader(
                message,
                0,
                transaction.high(),
                transaction.low(),
                address.high(),
                address.low(),
                address.port(),
                data.length);
        return message.put(header, data).array();
    }

    private static InetSocketAddress peerOf(Channel channel) {
        return channel.address().socketAddress();
    }

    private static byte[] framed(int number, byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_BYTES + data.length);
        ChannelData.writeHeader(frame, 0, number, data.length);
        return frame.put(ChannelData.HEADER_BYTES, data).array();
    }

    /// An event that comes of executing an effect waits until all effects have been executed.
    void handle(Event event) {
        events.add(event);
        if (busy) {
            return;
        }
        busy = true;
        for (Event next = events.poll(); next != null; next = events.poll()) {
            List<Effect> effects = core.handle(next, simulation.now());
            effects.forEach(this::note);
            ledger.handled(shard, next, effects);
            if (next instanceof Event.TimePassed) {
                assertThat(core.nextDeadlineNanos()).isGreaterThan(simulation.now());
            }
            effects.forEach(this::execute);
        }
        busy = false;
        ledger.settled();
        armTimer();
    }

    private void execute(Effect effect) {
        switch (effect) {
            case Effect.Send(var to, var message) -> {
                if (message.isClassic()) {
                    tally.count("classic answered");
                }
                toClient(to, message.toBytes());
            }
            case Effect.SendElsewhere(_, var path, var message) ->
                    toClient(path, message.toBytes());
            case Effect.Reject(var to, var message, var code, _) -> {
                tally.error(code);
                toClient(to, message.toBytes());
            }
            case Effect.Indicate(var to, var message) -> {
                tally.count("ICMP told");
                toClient(to, message.toBytes());
            }
            case Effect.OpenRelay(var id, var client, var spec) -> open(id, client, spec);
            case Effect.CloseRelay(var id, var family) -> close(new RelayName(id, family));
            case Effect.ReleasePort(var relayed) -> relays.release(relayed);
            case Effect.AllocationOpened opened -> paths.put(opened.client(), opened.allocation());
            case Effect.AllocationClosed(var id, var client, var reason) -> {
                tally.count("closed: " + reason);
                if (id.equals(paths.get(client))) { // or else it has come back, and has another
                    leave(client);
                }
            }
            case Effect.Tcp tcp -> peers.execute(this, tcp);
            case Effect.OfMobility moving -> move(moving);
            case Effect.Drop(_, var reason) -> tally.drop(reason);
        }
    }

    private void move(Effect.OfMobility effect) {
        switch (effect) {
            case Effect.PathAdded(var id, var path) -> {
                tally.count("path added");
                enter(path, id);
                arriving.add(path);
            }
            case Effect.PathRemoved(_, var path) -> {
                tally.count("path removed");
                leave(path);
            }
            case Effect.ClientMoved(var id, var from, var to) -> {
                tally.count("client moved");
                leave(from);
                leave(to);
                enter(to, id);
            }
            case Effect.HandOver(var from, var message, int home) -> {
                tally.count("handed over");
                crossing.shells.get(home).handle(new Event.MessageReceived(from, message));
            }
        }
    }

    private void enter(FiveTuple path, AllocationId id) {
        paths.put(path, id);
        crossing.homes.put(path, this);
    }

    private void leave(FiveTuple path) {
        paths.remove(path);
        arriving.remove(path);
        crossing.homes.remove(path, this);
    }

    void toClient(FiveTuple to, byte[] bytes) {
        switch (to.transport()) {
            case UDP, DTLS -> network.send(to.server(), to.client(), bytes);
            case TCP, TLS -> {
                VirtualConnection connection = crossing.connections.get(to);
                if (connection != null) {
                    connection.toClient(bytes);
                }
            }
        }
    }

    private VirtualNetwork.Host host(AllocationId id) {
        return new VirtualNetwork.Host() {
            @Override
            public void received(InetSocketAddress from, InetSocketAddress to, byte[] data) {
                fromPeer(id, from, data);
            }

            @Override
            public void unreachable(InetSocketAddress destination) {
                handle(new Event.IcmpReceived(id, destination, anyError()));
            }
        };
    }

    private void open(AllocationId id, FiveTuple client, RelaySpec spec) {
        NetworkFaults faults = network.faults();
        VirtualRelays.Lease lease = relays.lease(spec).orElse(null);
        if (lease == null) {
            tally.count("ports ran out");
            handle(new Event.RelayFailed(id, spec.family(), "no free port"));
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
            handle(new Event.RelayFailed(id, spec.family(), "bind failed"));
            return;
        }
        relays.opened(relayed);
        RelayName name = new RelayName(id, spec.family());
        sockets.put(name, relayed);
        if (spec.transport() == RelayTransport.TCP) {
            tcp.add(name);
            peers.expect(this, id, spec.family(), () -> tcp.contains(name));
        } else {
            network.attach(relayed, host(id));
        }
        ledger.opened(shard, id, client);
        handle(new Event.RelayOpened(id, spec.family(), relayed, lease.reserved().orElse(null)));
    }

    /// Most are of a type that clients are told of.
    private IcmpError anyError() {
        return new IcmpError(random.nextInt(1, 5), random.nextInt(8), random.nextInt());
    }

    private void close(RelayName name) {
        InetSocketAddress relayed = sockets.remove(name);
        assertThat(relayed).as("the relay to close: %s", name).isNotNull();
        if (!tcp.remove(name)) {
            network.detach(Objects.requireNonNull(relayed));
        }
        relays.closed(Objects.requireNonNull(relayed));
    }

    /// One timer serves all deadlines; it may fire too early, or late if the loop is busy.
    private void armTimer() {
        long next = core.nextDeadlineNanos();
        if (next >= timerNanos) {
            return;
        }
        timerNanos = next;
        long late = random.nextLong(random.nextInt(8) == 0 ? 3_000_000_000L : 2_000_000L);
        simulation.after(
                Math.max(0, next - simulation.now()) + late,
                () -> {
                    if (timerNanos == next) {
                        timerNanos = Long.MAX_VALUE;
                        handle(new Event.TimePassed());
                    }
                });
    }

    private Allocation allocation(AllocationId id) {
        Allocation allocation = core.allocation(id);
        assertThat(allocation).as("an allocation for the open data path %s", id).isNotNull();
        return Objects.requireNonNull(allocation);
    }

    private void note(Effect effect) {
        long fingerprint =
                switch (effect) {
                    case Effect.Send(_, var message) -> message.hashCode();
                    case Effect.SendElsewhere(_, var path, var message) ->
                            29L * path.hashCode() + message.hashCode();
                    case Effect.Reject(_, var message, _, _) -> 31L * message.hashCode();
                    case Effect.Indicate(_, var message) -> 61L * message.hashCode();
                    case Effect.OpenRelay(var id, _, _) -> 37 * id.value();
                    case Effect.CloseRelay(var id, _) -> 41 * id.value();
                    case Effect.ReleasePort(var relayed) -> 43L * relayed.hashCode();
                    case Effect.AllocationOpened opened -> 47L * opened.relayed().hashCode();
                    case Effect.AllocationClosed(var id, _, _) -> 53 * id.value();
                    case Effect.Tcp tcp -> 67L * tcp.hashCode();
                    case Effect.OfMobility moving -> 61L * moving.hashCode();
                    case Effect.Drop(_, var reason) -> 59L * reason.ordinal();
                };
        simulation.note(fingerprint, () -> "  core " + shard + ": " + effect);
    }
}
