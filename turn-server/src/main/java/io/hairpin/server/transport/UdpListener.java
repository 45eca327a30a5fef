package io.hairpin.server.transport;

import io.hairpin.server.core.DropReason;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.Faults;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.AddressFamily;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// One shard's share of a UDP listener, with the clients that have an allocation through it.
/// Others leave no trace: their number is anybody's choice.
public final class UdpListener implements DatagramHandler {

    private final Set<AddressFamily> families;
    private final Faults faults;
    private final Map<InetSocketAddress, DataPath> paths = new HashMap<>();
    private @Nullable ClientInput input;

    /// @param families those that clients may be of, where the socket does not see to that
    public UdpListener(Set<AddressFamily> families, Faults faults) {
        this.families = families;
        this.faults = faults;
    }

    /// Begins to serve; what arrives earlier is lost, as datagrams may be.
    public void start(ClientInput input) {
        this.input = input;
    }

    /// Lets data from that client take its path, or none.
    public void attach(InetSocketAddress client, @Nullable DataPath path) {
        if (path == null) {
            paths.remove(client);
        } else {
            paths.put(client, path);
        }
    }

    @Override
    public void received(DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from) {
        if (input != null && families.contains(AddressFamily.of(from.getAddress()))) {
            input.received(datagram, from, paths.get(from));
        }
    }

    @Override
    public void unsent(int datagrams) {
        for (int i = 0; i < datagrams && input != null; i++) {
            input.traffic().dropped(DropReason.SEND_FAILED);
        }
    }

    @Override
    public void failed(Throwable cause) {
        faults.report("handling a datagram", cause);
    }

    /// The way to a client of a listener.
    public record Client(DatagramEndpoint endpoint, InetSocketAddress address, Traffic traffic)
            implements ClientLink {

        /// What 16 bits of IPv4 length leave after the headers; IPv6 would leave 20 more.
        private static final int MAX_MESSAGE_BYTES = 0xFFFF - 20 - 8;

        @Override
        public int maxMessageBytes() {
            return MAX_MESSAGE_BYTES;
        }

        @Override
        public boolean send(ByteBuf message) {
            endpoint.send(message, address);
            return true;
        }
    }
}
