package io.hairpin.server;

import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.net.DatagramEndpoint;
import io.hairpin.server.net.DatagramNetwork;
import io.hairpin.server.net.DatagramNetwork.PortUse;
import io.hairpin.server.net.Faults;
import io.hairpin.server.net.Opened;
import io.hairpin.server.net.Outbox;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.relay.Traffic;
import io.hairpin.server.transport.ClientInput;
import io.hairpin.server.transport.Control;
import io.hairpin.server.transport.TcpClient;
import io.hairpin.server.transport.UdpListener;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// One event loop and all it owns: a core, its clients and their relays. Everything here happens
/// on that loop, so nothing is locked.
final class Shard implements Control {

    /// One of this shard's sockets for clients.
    private record UdpSocket(UdpListener listener, DatagramEndpoint endpoint) {}

    /// What a shard does its input and output with.
    record Io(EventLoop loop, Outbox outbox, DatagramNetwork network) {}

    private final Io io;
    private final LongSupplier clock;
    private final TurnCore core;
    private final Relays relays;
    private final Traffic traffic;
    private final EffectLog log;
    private final Faults faults;
    private final ClientInput input;

    private final Map<InetSocketAddress, UdpSocket> udp = new HashMap<>();
    private final Map<FiveTuple, TcpClient> tcp = new HashMap<>();

    private final Queue<Event> events = new ArrayDeque<>();
    private boolean busy;

    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos = Long.MAX_VALUE;

    Shard(
            Io io,
            LongSupplier clock,
            TurnCore core,
            Relays relays,
            Traffic traffic,
            EffectLog log,
            Faults faults) {
        this.io = io;
        this.clock = clock;
        this.core = core;
        this.relays = relays;
        this.traffic = traffic;
        this.log = log;
        this.faults = faults;
        input = new ClientInput(this, traffic);
    }

    EventLoop loop() {
        return io.loop();
    }

    /// Opens a UDP socket for clients of those families; may be called from any thread.
    CompletableFuture<Opened> listen(
            InetSocketAddress address, PortUse use, Set<AddressFamily> families) {
        CompletableFuture<Opened> result = new CompletableFuture<>();
        io.loop()
                .execute(
                        () -> {
                            UdpListener listener =
                                    new UdpListener(input, families, traffic, faults);
                            io.network()
                                    .open(address, use, listener)
                                    .thenAccept(
                                            opened -> {
                                                if (opened
                                                        instanceof
                                                        Opened.Bound(DatagramEndpoint endpoint)) {
                                                    udp.put(
                                                            endpoint.localAddress(),
                                                            new UdpSocket(listener, endpoint));
                                                }
                                                result.complete(opened);
                                            });
                        });
        return result;
    }

    /// What a TCP client on this shard's loop needs.
    TcpClient.Surroundings surroundings() {
        return new TcpClient.Surroundings(input, this, io.outbox(), traffic, faults);
    }

    @Override
    public void received(FiveTuple from, StunMessage message) {
        handle(new Event.MessageReceived(from, message));
    }

    @Override
    public void connected(FiveTuple client, TcpClient link) {
        tcp.put(client, link);
    }

    @Override
    public void closed(FiveTuple client) {
        tcp.remove(client);
        handle(new Event.ClientClosed(client));
    }

    /// Lets the core handle an event and does what it says. An event that comes of that waits
    /// until all has been done.
    private void handle(Event event) {
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
            if (event instanceof Event.MessageReceived(var from, _)) {
                disconnect(from);
            }
        }
    }

    /// All that the shell does for the core.
    private void execute(Effect effect) {
        log.executed(effect);
        try {
            switch (effect) {
                case Effect.Send(var to, var message) -> send(to, message);
                case Effect.Reject(var to, var message, _, _) -> send(to, message);
                case Effect.OpenRelay(var id, var client, var spec) -> open(id, client, spec);
                case Effect.CloseRelay(var id, var family) -> relays.close(id, family);
                case Effect.ReleasePort(var relayed) -> relays.release(relayed);
                case Effect.AllocationOpened opened -> start(opened.allocation());
                case Effect.AllocationClosed(_, var client, _) -> detach(client);
                case Effect.Drop(_, var reason) -> traffic.dropped(reason);
            }
        } catch (RuntimeException bug) {
            faults.report("executing an effect", bug);
        }
    }

    private void send(FiveTuple to, StunMessage message) {
        ClientLink link = link(to);
        if (link != null) { // or else the connection is gone, and with it who asked
            int length = message.length();
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(length);
            message.writeTo(buffer.internalNioBuffer(0, length));
            link.send(buffer.writerIndex(length));
        }
    }

    private void open(AllocationId id, FiveTuple client, RelaySpec spec) {
        ClientLink link = link(client);
        if (link == null) {
            handle(new Event.RelayFailed(id, spec.family(), "the client is gone"));
        } else {
            relays.open(id, spec, link, this::handle);
        }
    }

    private void start(AllocationId id) {
        Allocation allocation = core.allocation(id);
        if (allocation == null) {
            throw new IllegalStateException("opened and not there: " + id);
        }
        DataPath path = relays.start(allocation);
        FiveTuple client = allocation.client();
        switch (client.transport()) {
            case UDP -> {
                UdpSocket socket = udp.get(client.server());
                if (socket != null) {
                    socket.listener().attach(client.client(), path);
                }
            }
            case TCP -> {
                TcpClient connection = tcp.get(client);
                if (connection != null) {
                    connection.attach(path);
                }
            }
        }
    }

    private void detach(FiveTuple client) {
        switch (client.transport()) {
            case UDP -> {
                UdpSocket socket = udp.get(client.server());
                if (socket != null) {
                    socket.listener().detach(client.client());
                }
            }
            case TCP -> {
                TcpClient connection = tcp.get(client);
                if (connection != null) {
                    connection.detach();
                }
            }
        }
    }

    private @Nullable ClientLink link(FiveTuple client) {
        return switch (client.transport()) {
            case UDP -> {
                UdpSocket socket = udp.get(client.server());
                yield socket == null ? null : UdpListener.link(socket.endpoint(), client.client());
            }
            case TCP -> tcp.get(client);
        };
    }

    private void disconnect(FiveTuple client) {
        TcpClient connection = tcp.get(client);
        if (connection != null) {
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
