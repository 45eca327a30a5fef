package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;

/// One shard of a simulated server: does for its core what the real shell does, on a
/// [VirtualNetwork], and shows the [Ledger] all of it.
final class VirtualShell {

    private final int shard;
    private final Simulation simulation;
    private final VirtualNetwork network;
    private final TurnCore core;
    private final VirtualRelays relays;
    private final VirtualSockets sockets;
    private final VirtualDataPath data;
    private final VirtualPeers peers;
    private final VirtualStore store;
    private final Ledger ledger;
    private final Tally tally;
    private final RandomGenerator random;

    private final VirtualCrossing crossing;
    private final Queue<Event> events = new ArrayDeque<>();
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
            VirtualStore store,
            Ledger ledger,
            Tally tally) {
        this.shard = shard;
        this.simulation = simulation;
        this.network = network;
        this.core = core;
        this.relays = relays;
        this.crossing = crossing;
        this.peers = peers;
        this.store = store;
        this.ledger = ledger;
        this.tally = tally;
        random = simulation.randomness();
        sockets = new VirtualSockets(shard, simulation, network, relays, peers, ledger, tally);
        data =
                new VirtualDataPath(
                        shard,
                        this,
                        core,
                        sockets,
                        simulation,
                        ledger.reads(),
                        ledger.shared(),
                        tally);
        sockets.serve(this, data);
    }

    TurnCore core() {
        return core;
    }

    boolean isEmpty() {
        return data.isEmpty() && sockets.isEmpty() && events.isEmpty();
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
        crossing.homes.getOrDefault(from, this).data.takeIn(from, bytes);
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
            case Effect.LookUpCredentials(var id, _, var query) -> store.lookUp(this, id, query);
            case Effect.OpenRelay(var id, var client, var spec) -> sockets.open(id, client, spec);
            case Effect.CloseRelay(var id, var family) -> sockets.close(id, family);
            case Effect.ReleasePort(var relayed) -> relays.release(relayed);
            case Effect.AllocationOpened opened -> data.begin(opened.client(), opened.allocation());
            case Effect.AllocationClosed(var id, var client, var reason) -> {
                tally.count("closed: " + reason);
                if (data.leadsTo(client, id)) { // or else it has come back, and has another
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
                data.expect(path, id);
                crossing.homes.put(path, this);
            }
            case Effect.PathRemoved(_, var path) -> {
                tally.count("path removed");
                leave(path);
            }
            case Effect.ClientMoved(var id, var from, var to) -> {
                tally.count("client moved");
                leave(from);
                leave(to);
                data.begin(to, id);
                crossing.homes.put(to, this);
            }
            case Effect.HandOver(var from, var message, int home) -> {
                tally.count("handed over");
                crossing.shells.get(home).handle(new Event.MessageReceived(from, message));
            }
        }
    }

    private void leave(FiveTuple path) {
        data.end(path);
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

    private void note(Effect effect) {
        long fingerprint =
                switch (effect) {
                    case Effect.Send(_, var message) -> message.hashCode();
                    case Effect.SendElsewhere(_, var path, var message) ->
                            29L * path.hashCode() + message.hashCode();
                    case Effect.Reject(_, var message, _, _) -> 31L * message.hashCode();
                    case Effect.Indicate(_, var message) -> 61L * message.hashCode();
                    case Effect.LookUpCredentials(var id, _, _) -> 71 * id.value();
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
