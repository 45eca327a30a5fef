package io.hairpin.server;

import io.hairpin.dtls.DtlsEngine;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.Opened;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.transport.ClientInput;
import io.hairpin.server.transport.ConnectedClient;
import io.hairpin.server.transport.Control;
import io.hairpin.server.transport.DtlsListener;
import io.hairpin.server.transport.ProxyRanges;
import io.hairpin.server.transport.TcpClient;
import io.hairpin.server.transport.UdpListener;
import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The clients of one shard: the listeners that they come by, the connections that they have, and
/// what counts them. Used on the shard's event loop.
final class ShardClients {

    /// One of the shard's sockets for clients.
    private record UdpSocket(UdpListener listener, DatagramEndpoint endpoint) {}

    private final Shard.Io io;
    private final Control control;
    private final ProxyRanges proxies;
    private final Faults faults;

    private final ByListener<CountedTraffic> traffic = new ByListener<>();
    private final ByListener<UdpSocket> udp = new ByListener<>();
    private final Map<InetSocketAddress, TcpClient.Surroundings> tcpListeners = new HashMap<>();
    private final Map<FiveTuple, ConnectedClient> connected = new HashMap<>();

    /// @param control told what the clients send, and of their connections
    /// @param proxies whose word on who sent a datagram is believed
    ShardClients(Shard.Io io, Control control, ProxyRanges proxies, Faults faults) {
        this.io = io;
        this.control = control;
        this.proxies = proxies;
        this.faults = faults;
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
                                    control,
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
            ClientInput input = new ClientInput(listener.address(), control, counted);
            socket.listener().start(new DtlsListener(engine, io.on(), input, control));
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
        return new ClientInput(listener.address(), control, traffic);
    }

    /// What a TCP client of that listener needs.
    TcpClient.Surroundings surroundings(InetSocketAddress listener) {
        TcpClient.Surroundings surroundings = tcpListeners.get(listener);
        if (surroundings == null) {
            throw new IllegalStateException("a client of a listener that is not served");
        }
        return surroundings;
    }

    /// Ends all connections and sessions.
    void disconnectAll() {
        List.copyOf(connected.values()).forEach(ConnectedClient::disconnect);
        udp.all().forEach(socket -> socket.listener().stop());
    }

    /// Keeps a connection, or a session of DTLS.
    void add(FiveTuple client, ConnectedClient connection) {
        connected.put(client, connection);
    }

    /// The connection of a client, or null if it is gone, or has none.
    @Nullable ConnectedClient connection(FiveTuple client) {
        return connected.get(client);
    }

    /// Forgets that connection of a client; says whether it was kept.
    boolean remove(FiveTuple client, ConnectedClient connection) {
        return connected.remove(client, connection);
    }

    /// Forgets the connection of a client and returns it, or null if it is gone.
    @Nullable ConnectedClient take(FiveTuple client) {
        return connected.remove(client);
    }

    /// What a client asked for when it began TLS or DTLS; empty if it named nothing, or speaks
    /// neither.
    String serverName(FiveTuple client) {
        ConnectedClient connection =
                client.transport().isConnected() ? connected.get(client) : null;
        return connection == null ? "" : connection.serverName();
    }

    /// Lets what a client sends take that path from now on, or none.
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

    /// The way to a client, or null if it is gone.
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
        return new ClientInput(client.server(), control, traffic(client));
    }
}
