package io.hairpin.server.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The relayed transport addresses that are open now, on whichever shard, and what becomes of an
/// address when two clients of this server talk to each other.
///
/// To clients a relay is at its advertised address. The NAT that makes it so may not send back what
/// comes from inside, so a packet from one relay to another goes straight to the address the
/// other is bound to, and is taken for one from the advertised address when it arrives.
public final class OpenRelays {

    private final Set<InetAddress> advertised;
    private final List<RelayAddress> mapped;
    private final Set<InetSocketAddress> open = ConcurrentHashMap.newKeySet();

    public OpenRelays(List<RelayAddress> addresses) {
        advertised =
                Set.copyOf(addresses.stream().map(RelayAddress::advertise).distinct().toList());
        mapped = addresses.stream().filter(RelayAddress::isMapped).toList();
    }

    /// Whether relays are advertised on that address.
    public boolean isRelayAddress(InetAddress address) {
        return advertised.contains(address);
    }

    /// Whether that is a relayed transport address of an open relay.
    public boolean contains(InetSocketAddress relayed) {
        return open.contains(relayed);
    }

    void opened(InetSocketAddress relayed) {
        open.add(relayed);
    }

    void closed(InetSocketAddress relayed) {
        open.remove(relayed);
    }

    /// Where to send what is meant for `peer`.
    InetSocketAddress destination(InetSocketAddress peer) {
        for (RelayAddress address : mapped) {
            if (address.advertise().equals(peer.getAddress()) && open.contains(peer)) {
                return new InetSocketAddress(address.bind(), peer.getPort());
            }
        }
        return peer;
    }

    /// Who sent what arrived from `source`.
    InetSocketAddress origin(InetSocketAddress source) {
        for (RelayAddress address : mapped) {
            if (address.bind().equals(source.getAddress())) {
                InetSocketAddress relayed =
                        new InetSocketAddress(address.advertise(), source.getPort());
                return open.contains(relayed) ? relayed : source;
            }
        }
        return source;
    }
}
