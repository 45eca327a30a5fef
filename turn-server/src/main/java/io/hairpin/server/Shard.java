package io.hairpin.server;

import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.IoLoop;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.relay.TcpRelays;
import io.hairpin.server.transport.ConnectedClient;
import io.hairpin.server.transport.Control;
import io.hairpin.server.transport.ProxyRanges;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.StunMessage;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// One event loop and all it owns: a core, its clients and their relays. Everything here happens
/// on that loop, so nothing is locked.
final class Shard implements Control {

    /// What a shard does its input and output with.
    ///
    /// @param secret a number that nobody else can guess
    record Io(IoLoop on, DatagramNetwork network, long secret) {
        EventLoop loop() {
            return on.loop();
        }
    }

    private final Io io;
    private final LongSupplier clock;
    private final TurnCore core;
    private final Relays relays;
    private final @Nullable TcpEffects tcp;
    private final EffectLog log;
    private final Faults faults;
    private final ShardClients clients;
    private final Crossing crossing;

    /// The same for all relays, each of which keeps what it answers to.
    private final Consumer<Event> answers = this::handle;

    private final Queue<Event> events = new ArrayDeque<>();
    private boolean busy;
    private boolean stopped;

    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos = Long.MAX_VALUE;

    /// @param tcp null if there are no TCP relays
    /// @param proxies whose word on who sent a datagram is believed
    /// @param shards all there are, by number
    Shard(
            Io io,
            LongSupplier clock,
            TurnCore core,
            Relays relays,
            @Nullable TcpRelays tcp,
            ProxyRanges proxies,
            EffectLog log,
            Faults faults,
            IntFunction<Shard> shards) {
        this.io = io;
        this.clock = clock;
        this.core = core;
        this.relays = relays;
        this.log = log;
        this.faults = faults;
        clients = new ShardClients(io, this, proxies, faults);
        this.tcp = tcp == null ? null : new TcpEffects(tcp, clients, this::handle);
        crossing =
                new Crossing(this, clients, relays, index -> shards.apply(index).crossing, faults);
    }

    EventLoop loop() {
        return io.loop();
    }

    ShardClients clients() {
        return clients;
    }

    /// Closes all sockets and says no more to anybody; may be called from any thread.
    CompletableFuture<Void> stop() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        io.loop()
                .execute(
                        () -> {
                            stopped = true;
                            clients.disconnectAll();
                            io.on().outbox().flush();
                            io.network().close().thenRun(() -> result.complete(null));
                        });
        return result;
    }

    @Override
    public void received(FiveTuple from, StunMessage message) {
        if (message.messageClass() == MessageClass.REQUEST) {
            clients.traffic(from).counters().requested(message.method());
        }
        if (!crossing.passOn(from, message)) {
            heard(from, message);
        }
    }

    /// Lets the core have a message of a client of this shard's.
    void heard(FiveTuple from, StunMessage message) {
        handle(new Event.MessageReceived(from, message, clients.serverName(from)));
    }

    @Override
    public @Nullable DropReason refusal(long high, long low) {
        DropReason reason = core.refusal(high, low, clock.getAsLong());
        if (reason != null) {
            log.dropped(reason);
        }
        return reason;
    }

    @Override
    public void connected(FiveTuple client, ConnectedClient link) {
        ConnectedClient former = clients.connection(client);
        if (former != null) {
            closed(client, former);
            former.disconnect();
        }
        clients.add(client, link);
    }

    @Override
    public void closed(FiveTuple client, ConnectedClient link) {
        if (clients.remove(client, link) && !crossing.closed(client)) {
            handle(new Event.ClientClosed(client));
        }
    }

    /// Lets the core handle an event and does what it says. An event that comes of that waits
    /// until all has been done.
    void handle(Event event) {
        if (stopped) {
            return;
        }
        events.add(event);
        if (busy) {
            return;
        }
        busy = true;
        try {
            for (Event next = events.poll(); next != null; next = events.poll()) {
                advance(next);
            }
        } finally {
            busy = false;
        }
        armTimer();
    }

    private void advance(Event event) {
        try {
            core.handle(event, clock.getAsLong()).forEach(this::execute);
        } catch (RuntimeException bug) {
            faults.report("the protocol core", bug);
            if (event instanceof Event.MessageReceived received) {
                disconnect(received.from());
            }
        }
    }

    /// All that the shell does for the core.
    private void execute(Effect effect) {
        log.executed(effect);
        try {
            switch (effect) {
                case Effect.Send(var to, var message) -> send(to, message, effect);
                case Effect.SendElsewhere(var asked, var path, var message) -> {
                    ClientLink link = clients.link(path);
                    if (link != null && link.send(message)) {
                        clients.traffic(asked).executed(effect);
                    }
                }
                case Effect.Reject(var to, var message, _, _) -> send(to, message, effect);
                case Effect.Indicate(var to, var message) -> send(to, message, effect);
                case Effect.OpenRelay(var id, var client, var spec) -> open(id, client, spec);
                case Effect.CloseRelay(var id, var family) -> {
                    if (tcp == null || !tcp.close(id, family)) {
                        relays.close(id, family);
                    }
                }
                case Effect.ReleasePort(var relayed) -> relays.release(relayed);
                case Effect.AllocationOpened(var id, var client, _, _, _) -> {
                    clients.traffic(client).executed(effect);
                    start(id, client);
                }
                case Effect.AllocationClosed(_, var client, _) -> {
                    clients.traffic(client).executed(effect);
                    if (!core.isTaken(client)) { // or else it has come back, and has another
                        crossing.attach(client, null);
                    }
                }
                case Effect.Tcp peers -> tcp().execute(peers);
                case Effect.OfMobility moving -> crossing.execute(moving);
                case Effect.Drop(var from, _) -> clients.traffic(from).executed(effect);
            }
        } catch (RuntimeException | LinkageError bug) { // a class may be lost to a full disk, say
            faults.report("executing an effect", bug);
            if (effect instanceof Effect.OpenRelay(var id, _, var spec)) { // the core waits for it
                handle(new Event.RelayFailed(id, spec.family(), "internal error"));
            }
        }
    }

    private void send(FiveTuple to, StunMessage message, Effect effect) {
        ClientLink link = crossing.link(to);
        if (link == null) {
            return; // the connection is gone, and with it who asked
        }
        if (link.send(message)) {
            clients.traffic(to).executed(effect);
        }
    }

    private void open(AllocationId id, FiveTuple client, RelaySpec spec) {
        ClientLink link = clients.link(client);
        if (link == null) {
            handle(new Event.RelayFailed(id, spec.family(), "the client is gone"));
        } else {
            switch (spec.transport()) {
                case UDP -> relays.open(id, spec, link, answers);
                case TCP -> tcp().open(id, spec, link);
            }
        }
    }

    private TcpEffects tcp() {
        if (tcp == null) {
            throw new IllegalStateException("there are no TCP relays");
        }
        return tcp;
    }

    private void start(AllocationId id, FiveTuple client) {
        Allocation allocation = core.allocation(id);
        if (allocation == null) {
            throw new IllegalStateException("opened and not there: " + id);
        }
        clients.attach(
                client,
                switch (allocation.transport()) {
                    case UDP -> relays.start(allocation);
                    case TCP -> tcp().start(allocation);
                });
    }

    /// Whether an allocation of this shard is that client's, or about to be.
    boolean isTaken(FiveTuple client) {
        return core.isTaken(client);
    }

    /// Whether the data of that allocation goes to that client.
    boolean isClient(AllocationId id, FiveTuple client) {
        Allocation allocation = core.allocation(id);
        return allocation != null && allocation.client().equals(client);
    }

    private void disconnect(FiveTuple client) {
        if (crossing.link(client) instanceof ConnectedClient connection) {
            connection.disconnect();
        }
    }

    /// One timer serves all deadlines. One that fires too early, since what it was for has been
    /// put off, costs less than a new one each time.
    private void armTimer() {
        long next = core.nextDeadlineNanos();
        if (next >= timerNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = next;
        long delayNanos = Math.max(0, next - clock.getAsLong());
        timer = io.loop().schedule(this::onTimer, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        timerNanos = Long.MAX_VALUE;
        handle(new Event.TimePassed());
    }
}
