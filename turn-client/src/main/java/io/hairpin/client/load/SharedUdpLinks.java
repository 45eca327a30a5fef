package io.hairpin.client.load;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Opened;
import io.hairpin.net.SocketBuffers;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Gives many clients one UDP socket, bound to no address, from which each sends with an address of
/// its own. The server sees as many clients, and the generator has one socket to read and write, so
/// the work for it is a good part less.
///
/// Needs sockets that tell which address a datagram was sent to.
final class SharedUdpLinks implements Link.Opener, DatagramHandler {

    /// Many clients share it.
    private static final SocketBuffers BUFFERS = new SocketBuffers(8 << 20, 8 << 20);

    private final DatagramNetwork network;
    private final AddressRange addresses;
    private final TransportAddress server;
    private final SocketFaults faults;
    private final Datagram outgoing = new Datagram();
    private final List<Link.@Nullable Handler> handlers = new ArrayList<>();
    private @Nullable CompletionStage<Opened> socket;

    SharedUdpLinks(
            DatagramNetwork network,
            AddressRange addresses,
            InetSocketAddress server,
            SocketFaults faults) {
        this.network = network;
        this.addresses = addresses;
        this.server = TransportAddress.of(server);
        this.faults = faults;
    }

    /// Opens the socket once.
    private CompletionStage<Opened> socket() {
        if (socket != null) {
            return socket;
        }
        String wildcard = addresses.isIpv4() ? "0.0.0.0" : "::";
        CompletionStage<Opened> opening =
                network.open(
                        new DatagramNetwork.Spec(
                                new InetSocketAddress(InetAddress.ofLiteral(wildcard), 0),
                                DatagramNetwork.PortUse.ALONE,
                                BUFFERS),
                        this);
        socket = opening;
        return opening;
    }

    @Override
    public void open(Link.Handler handler) {
        socket().thenAccept(
                        opened -> {
                            switch (opened) {
                                case Opened.Bound(DatagramEndpoint endpoint) ->
                                        add(handler, endpoint);
                                case Opened.Failed(var failure) ->
                                        handler.notOpened("no socket: " + failure.detail());
                            }
                        });
    }

    private void add(Link.Handler handler, DatagramEndpoint endpoint) {
        int index = handlers.size();
        if (index == addresses.count()) {
            handler.notOpened("the network has no address left");
        } else {
            handlers.add(handler);
            handler.opened(new Shared(endpoint, index));
        }
    }

    /// The way of one client.
    private final class Shared implements Link.Datagrams {

        private final DatagramEndpoint endpoint;
        private final int index;

        Shared(DatagramEndpoint endpoint, int index) {
            this.endpoint = endpoint;
            this.index = index;
        }

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public void send(ByteBuffer bytes) {
            outgoing.wrap(bytes);
            outgoing.local(addresses.high(), addresses.low(index));
            endpoint.send(outgoing, server.high(), server.low(), server.port());
        }

        @Override
        public void request(ByteBuffer bytes) {
            send(bytes);
        }

        @Override
        public DatagramEndpoint endpoint() {
            return endpoint;
        }

        @Override
        public long localHigh() {
            return addresses.high();
        }

        @Override
        public long localLow() {
            return addresses.low(index);
        }

        @Override
        public void close() {
            handlers.set(index, null);
        }
    }

    @Override
    public void received(DatagramEndpoint on, Datagram datagram) {
        int index = addresses.indexOf(datagram.localHigh(), datagram.localLow());
        if (index < 0 || index >= handlers.size() || !UdpLink.isFrom(server, datagram)) {
            return;
        }
        Link.Handler handler = handlers.get(index);
        if (handler != null) {
            handler.received(datagram.bytes(), datagram.start(), datagram.length());
        }
    }

    @Override
    public void unsent(int datagrams) {
        faults.unsent(datagrams);
    }

    @Override
    public void overrun(long datagrams) {
        faults.overrun(datagrams);
    }

    @Override
    public void failed(Throwable cause) {
        faults.mistake(cause);
    }
}
