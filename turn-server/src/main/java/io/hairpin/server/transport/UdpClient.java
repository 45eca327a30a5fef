package io.hairpin.server.transport;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// The way to a client of a UDP listener.
public final class UdpClient implements ClientLink {

    /// What 16 bits of IPv4 length leave after the headers; IPv6 would leave 20 more.
    private static final int MAX_MESSAGE_BYTES = 0xFFFF - 20 - 8;

    private final DatagramEndpoint endpoint;
    private final TransportAddress client;
    private final long localHigh;
    private final long localLow;
    private final Traffic traffic;

    /// @param local the address to send from, or null for the one that the listener is bound to
    UdpClient(
            DatagramEndpoint endpoint,
            TransportAddress client,
            @Nullable InetAddress local,
            Traffic traffic) {
        this.endpoint = endpoint;
        this.client = client;
        localHigh = local == null ? 0 : TransportAddress.high(local);
        localLow = local == null ? 0 : TransportAddress.low(local);
        this.traffic = traffic;
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public boolean send(Datagram data) {
        // Departs from RFC 8656 §13.2 and RFC 7915 §4.1, §5.1: the peer gets no ICMP error because
        // only a raw socket could send one, and a relay should not have that privilege.
        if (!data.countDown()) {
            traffic.dropped(DropReason.HOP_LIMIT);
            return false;
        }
        data.local(localHigh, localLow);
        endpoint.send(data, client.high(), client.low(), client.port());
        return true;
    }

    @Override
    public boolean send(StunMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(message.length());
        message.writeTo(bytes);
        Datagram datagram = new Datagram();
        datagram.wrap(bytes.flip());
        return send(datagram);
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }
}
