package io.hairpin.server;

import io.hairpin.dtls.DtlsEngine;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.IoLoop;
import io.hairpin.net.Opened;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.Transport;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.relay.TcpRelays;
import io.hairpin.server.transport.ClientInput;
import io.hairpin.server.transport.ConnectedClient;
import io.hairpin.server.transport.Control;
import io.hairpin.server.transport.DtlsListener;
import io.hairpin.server.transport.ProxyRanges;
import io.hairpin.server.transport.TcpClient;
import io.hairpin.server.transport.UdpListener;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.StunMessage;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    /// One of this shard's sockets for clients.
    private record UdpSocket(UdpListener listener, DatagramEndpoint endpoint) {}

    private final Io io;
    private final LongSupplier clock;
    private final TurnCore core;
    private final Relays relays;
    private final @Nullable TcpEffects tcp;
    private final ProxyRanges proxies;
    private final EffectLog log;
    private final Faults faults;
    private final Crossing crossing;

    private final ByListener<CountedTraffic> traffic = new ByListener<>();
    private final ByListener<UdpSocket> udp = new ByListener<>();
    private final Map<InetSocketAddress, TcpClient.Surroundings> tcpListeners = new HashMap<>();
    private final Map<FiveTuple, ConnectedClient> connected = new HashMap<>();

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
        this.proxies = proxies;
        this.log = log;
        this.faults = faults;
        this.tcp = tcp == null ? null : new TcpEffects(tcp, connected, this::handle);
        crossing = new Crossing(this, relays, index -> shards.apply(index).crossing, faults);
    }

    EventLoop loop() {
        return io.loop();
    }

    /// Opens a UDP socket for clients of those families; may be called from any thread.
    CompletableFuture<Opened> open(DatagramNetwork.Spec spec, Set<AddressFamily> families) {
        UdpListener listener = new UdpListener(families, proxies, faults, io.secret());
        return CompletableFuture.supplyAsync(() -> io.network().open(spec, listener), io.loop())
                .thenCompose(opening -> opening.thenApply(opened -> keep(opened, listener)));
    }

    private Opened keep(Opened opened, UdpListener listener) {
        if (opened instanceof Opened.Bound(DatagramEndpoint endpoint)) {
            udp.put(
                    new Listeners.Bound(Transport.UDP, endpoint.localAddress()),
                    new UdpSocket(listener, endpoint));
        }
        return opened;
    }

    /// Begins to serve the clients of a listener that is open.
    ///
    /// @param counted what counts them, by what they speak
    void serve(Listeners.Bound listener, Map<Transport, CountedTraffic> counted) {
        counted.forEach(
                (transport, each) ->
                        traffic.put(new Listeners.Bound(transport, listener.address()), each));
        switch (listener.transport()) {
            case UDP, DTLS -> {
                UdpSocket socket = udp.at(listener);
                if (socket != null) { // or else it is another shard's
                    socket.listener().start(input(listener, counted, Transport.UDP));
                }
            }
            case TCP, TLS ->
                    tcpListeners.put(
                            listener.address(),
                            new TcpClient.Surroundings(
                                    input(listener, counted, Transport.TCP),
                                    input(listener, counted, Transport.TLS),
                                    this,
                                    io.on().outbox(),
                                    faults));
        }
    }

    /// Begins to serve clients of a UDP listener that speak DTLS.
    void serve(Listeners.Bound listener, DtlsEngine engine) {
        UdpSocket socket = udp.at(listener);
        CountedTraffic counted =
                traffic.at(new Listeners.Bound(Transport.DTLS, listener.address()));
        if (counted == null) {
            throw new IllegalArgumentException("nothing counts DTLS");
        }
        if (socket != null) { // or else it is another shard's
            ClientInput input = new ClientInput(listener.address(), this, counted);
            socket.listener().start(new DtlsListener(engine, io.on(), input, this));
        }
    }

    private ClientInput input(
            Listeners.Bound listener, Map<Transport, CountedTraffic> counted, Transport spoken) {
        CountedTraffic its = counted.get(spoken);
        CountedTraffic carriers = counted.get(spoken.carrier());
        CountedTraffic traffic = its != null ? its : carriers;
        if (traffic == null) {
            throw new IllegalArgumentException("nothing counts " + spoken);
        }
        return new ClientInput(listener.address(), this, traffic);
    }

    /// What a TCP client of that listener needs.
    TcpClient.Surroundings surroundings(InetSocketAddress listener) {
        TcpClient.Surroundings surroundings = tcpListeners.get(listener);
        if (surroundings == null) {
            throw new IllegalStateException("a client of a listener that is not served");
        }
        return surroundings;
    }

    /// Closes all sockets and says no more to anybody; may be called from any thread.
    CompletableFuture<Void> stop() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        io.loop()
                .execute(
                        () -> {
                            stopped = true;
                            List.copyOf(connected.values()).forEach(ConnectedClient::disconnect);
                            udp.all().forEach(socket -> socket.listener().stop());
                            io.on().outbox().flush();
                            io.network().close().thenRun(() -> result.complete(null));
                        });
        return result;
    }

    @Override
    public void received(FiveTuple from, StunMessage message) {
        if (message.messageClass() == MessageClass.REQUEST) {
            traffic(from).counters().requested(message.method());
        }
        if (!crossing.passOn(from, message)) {
            heard(from, message);
        }
    }

    /// Lets the core have a message of a client of this shard's.
    void heard(FiveTuple from, StunMessage message) {
        ConnectedClient link = from.transport().isConnected() ? connected.get(from) : null;
        handle(new Event.MessageReceived(from, message, link == null ? "" : link.serverName()));
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
        ConnectedClient former = connected.get(client);
        if (former != null) {
            closed(client, former);
            former.disconnect();
        }
        connected.put(client, link);
    }

    @Override
    public void closed(FiveTuple client, ConnectedClient link) {
        if (connected.remove(client, link) && !crossing.closed(client)) {
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
                    ClientLink link = link(path);
                    if (link != null && link.send(message)) {
                        traffic(asked).executed(effect);
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
                    traffic(client).executed(effect);
                    start(id, client);
                }
                case Effect.AllocationClosed(_, var client, _) -> {
                    traffic(client).executed(effect);
                    if (!core.isTaken(client)) { // or else it has come back, and has another
                        crossing.attach(client, null);
                    }
                }
                case Effect.Tcp peers -> tcp().execute(peers);
                case Effect.OfMobility moving -> crossing.execute(moving);
                case Effect.Drop(var from, _) -> traffic(from).executed(effect);
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
            traffic(to).executed(effect);
        }
    }

    private void open(AllocationId id, FiveTuple client, RelaySpec spec) {
        ClientLink link = link(client);
        if (link == null) {
            handle(new Event.RelayFailed(id, spec.family(), "the client is gone"));
        } else {
            switch (spec.transport()) {
                case UDP -> relays.open(id, spec, link, this::handle);
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
        attach(
                client,
                switch (allocation.transport()) {
                    case UDP -> relays.start(allocation);
                    case TCP -> tcp().start(allocation);
                });
    }

    /// Lets what a client of this shard's own sends take that path from now on, or none.
    void attach(FiveTuple client, @Nullable ClientPath path) {
        switch (client.transport()) {
            case UDP -> {
                UdpSocket socket = udp.of(client);
                if (socket != null) {
                    socket.listener().attach(client, path);
                }
            }
            case DTLS, TCP, TLS -> {
                ConnectedClient connection = connected.get(client);
                if (connection != null) {
                    connection.attach(path);
                }
            }
        }
    }

    /// A client of this shard's own, or null if it is gone.
    @Nullable ClientLink link(FiveTuple client) {
        return switch (client.transport()) {
            case UDP -> {
                UdpSocket socket = udp.of(client);
                yield socket == null || !socket.listener().isServing()
                        ? null // of another shard, or of this server before it has started
                        : socket.listener().client(client, socket.endpoint());
            }
            case DTLS, TCP, TLS -> connected.get(client);
        };
    }

    /// Where a client is counted, be it one of another shard's.
    CountedTraffic traffic(FiveTuple client) {
        CountedTraffic counted = traffic.of(client);
        if (counted == null) {
            throw new IllegalStateException("no listener of ours: " + client);
        }
        return counted;
    }

    /// What takes in the data of a client at another shard's listener.
    ClientInput input(FiveTuple client) {
        return new ClientInput(client.server(), this, traffic(client));
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
