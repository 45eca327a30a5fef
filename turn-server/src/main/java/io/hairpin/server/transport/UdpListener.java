package io.hairpin.server.transport;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Transport;
import io.hairpin.server.net.DatagramEndpoint;
import io.hairpin.server.net.DatagramHandler;
import io.hairpin.server.net.Faults;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.AddressFamily;
import io.netty.buffer.ByteBuf;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// One shard's share of a UDP listener, with the clients that have an allocation through it.
/// Others leave no trace: their number is anybody's choice.
public final class UdpListener implements DatagramHandler {

    private final ClientInput input;
    private final Set<AddressFamily> families;
    private final Traffic traffic;
    private final Faults faults;
    private final Map<InetSocketAddress, DataPath> paths = new HashMap<>();

    /// @param families those that clients may be of, where the socket does not see to that
    public UdpListener(
            ClientInput input, Set<AddressFamily> families, Traffic traffic, Faults faults) {
        this.input = input;
        this.families = families;
        this.traffic = traffic;
        this.faults = faults;
    }

    /// Lets data from that client take its path.
    public void attach(InetSocketAddress client, DataPath path) {
        paths.put(client, path);
    }

    public void detach(InetSocketAddress client) {
        paths.remove(client);
    }

    /// The way to a client of this listener, whose socket is `endpoint`.
    public static ClientLink link(DatagramEndpoint endpoint, InetSocketAddress client) {
        return new UdpClient(endpoint, client);
    }

    @Override
    public void received(DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from) {
        if (families.contains(AddressFamily.of(from.getAddress()))) {
            input.received(datagram, Transport.UDP, from, on.localAddress(), paths.get(from));
        }
    }

    @Override
    public void unsent(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            traffic.dropped(DropReason.SEND_FAILED);
        }
    }

    @Override
    public void failed(Throwable cause) {
        faults.report("handling a datagram", cause);
    }

    private record UdpClient(DatagramEndpoint endpoint, InetSocketAddress client)
            implements ClientLink {

        /// What 16 bits of IPv4 length leave after the headers; IPv6 would leave 20 more.
        private static final int MAX_MESSAGE_BYTES = 0xFFFF - 20 - 8;

        @Override
        public int maxMessageBytes() {
            return MAX_MESSAGE_BYTES;
        }

        @Override
        public void send(ByteBuf message) {
            endpoint.send(message, client);
        }
    }
}
