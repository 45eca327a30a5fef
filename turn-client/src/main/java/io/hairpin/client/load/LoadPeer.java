package io.hairpin.client.load;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// The other end of many clients' traffic: one UDP socket that counts what comes, and echoes it or
/// sends packets of its own.
final class LoadPeer implements DatagramHandler {

    private final Traffic traffic;
    private final SocketFaults faults;
    private final Datagram outgoing = new Datagram();
    private @Nullable DatagramEndpoint endpoint;

    LoadPeer(Traffic traffic, SocketFaults faults) {
        this.traffic = traffic;
        this.faults = faults;
    }

    void opened(DatagramEndpoint opened) {
        endpoint = opened;
    }

    InetSocketAddress address() {
        return endpoint().localAddress();
    }

    void send(ByteBuffer packet, TransportAddress relayed) {
        outgoing.wrap(packet);
        endpoint().send(outgoing, relayed.high(), relayed.low(), relayed.port());
    }

    private DatagramEndpoint endpoint() {
        if (endpoint == null) {
            throw new IllegalStateException("the socket is not open yet");
        }
        return endpoint;
    }

    @Override
    public void received(DatagramEndpoint on, Datagram datagram) {
        if (traffic.atPeer(datagram.bytes(), datagram.start(), datagram.length())) {
            on.send(datagram, datagram.sourceHigh(), datagram.sourceLow(), datagram.sourcePort());
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
