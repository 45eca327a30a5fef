package io.hairpin.client.load;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Opened;
import io.hairpin.net.SocketBuffers;
import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A UDP socket between a client and the server.
final class UdpLink implements Link.Datagrams {

    private final DatagramEndpoint endpoint;
    private final TransportAddress server;
    private final Datagram outgoing;

    private UdpLink(DatagramEndpoint endpoint, TransportAddress server, Datagram outgoing) {
        this.endpoint = endpoint;
        this.server = server;
        this.outgoing = outgoing;
    }

    /// Opens sockets towards one server on one event loop.
    static final class Opener implements Link.Opener {

        private final DatagramNetwork network;
        private final DatagramNetwork.Spec spec;
        private final TransportAddress server;
        private final SocketFaults faults;
        private final Datagram outgoing = new Datagram();

        Opener(
                DatagramNetwork network,
                InetAddress local,
                InetSocketAddress server,
                SocketFaults faults) {
            this.network = network;
            this.server = TransportAddress.of(server);
            this.faults = faults;
            spec =
                    new DatagramNetwork.Spec(
                            new InetSocketAddress(local, 0),
                            DatagramNetwork.PortUse.ALONE,
                            SocketBuffers.SYSTEM_DEFAULT);
        }

        @Override
        public void open(Handler handler) {
            network.open(spec, new Arrivals(handler, server, faults))
                    .thenAccept(opened -> tell(handler, opened));
        }

        private void tell(Handler handler, Opened opened) {
            switch (opened) {
                case Opened.Bound(DatagramEndpoint endpoint) ->
                        handler.opened(new UdpLink(endpoint, server, outgoing));
                case Opened.Failed(var failure) ->
                        handler.notOpened("no socket: " + failure.detail());
            }
        }
    }

    static boolean isFrom(TransportAddress server, Datagram datagram) {
        return datagram.sourcePort() == server.port()
                && datagram.sourceLow() == server.low()
                && datagram.sourceHigh() == server.high();
    }

    /// Hands on what the server sent; anything else is noise of the network.
    private record Arrivals(Handler handler, TransportAddress server, SocketFaults faults)
            implements DatagramHandler {

        @Override
        public void received(DatagramEndpoint on, Datagram datagram) {
            if (isFrom(server, datagram)) {
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

    @Override
    public boolean reliable() {
        return false;
    }

    @Override
    public void send(ByteBuffer bytes) {
        outgoing.wrap(bytes);
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
        return 0;
    }

    @Override
    public long localLow() {
        return 0;
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
