package io.hairpin.server.relay;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The relayed transport addresses that are open now, on whichever shard, and what becomes of an
/// address when two clients of this server talk to each other. Thread-safe.
///
/// To clients a relay is at its advertised address. The NAT that makes it so may not send back what
/// comes from inside, so a packet from one relay to another goes straight to the address the
/// other is bound to, and is taken for one from the advertised address when it arrives.
public final class OpenRelays {

    private final Site[] sites;

    /// @param addresses no two of which share a bound or an advertised address
    public OpenRelays(List<RelayAddress> addresses) {
        sites = addresses.stream().map(Site::new).toArray(Site[]::new);
    }

    /// Whether relays are advertised on that address.
    public boolean isRelayAddress(InetAddress address) {
        return advertised(TransportAddress.high(address), TransportAddress.low(address)) != null;
    }

    /// Whether that is a relayed transport address of an open relay.
    public boolean contains(long high, long low, int port) {
        Site site = advertised(high, low);
        return site != null && site.ports.contains(port);
    }

    void opened(InetSocketAddress relayed) {
        site(relayed).ports.add(relayed.getPort());
    }

    void closed(InetSocketAddress relayed) {
        site(relayed).ports.remove(relayed.getPort());
    }

    /// Where the relay really is that `peer` stands for, or null if packets go to `peer` itself.
    @Nullable Site behind(long high, long low, int port) {
        for (Site site : sites) {
            if (site.isMapped && site.isAdvertised(high, low) && site.ports.contains(port)) {
                return site;
            }
        }
        return null;
    }

    /// The advertised address of the relay that sent what arrived from there, or null if no relay
    /// behind a NAT did.
    @Nullable Site before(long high, long low, int port) {
        for (Site site : sites) {
            if (site.isMapped
                    && site.bindLow == low
                    && site.bindHigh == high
                    && site.ports.contains(port)) {
                return site;
            }
        }
        return null;
    }

    /// What a destination is to clients: where it is the address that a relay of ours is bound to,
    /// which [#behind] turned to, the one that it is advertised on.
    InetSocketAddress named(InetSocketAddress destination) {
        TransportAddress to = TransportAddress.of(destination);
        for (Site site : sites) {
            if (site.isMapped && site.bindLow == to.low() && site.bindHigh == to.high()) {
                return TransportAddress.socketAddress(
                        site.advertiseHigh, site.advertiseLow, to.port());
            }
        }
        return destination;
    }

    /// Where to turn to for that peer: a relay of this server is where it is bound.
    InetSocketAddress real(InetSocketAddress peer) {
        TransportAddress named = TransportAddress.of(peer);
        Site site = behind(named.high(), named.low(), named.port());
        return site == null
                ? peer
                : TransportAddress.socketAddress(site.bindHigh, site.bindLow, named.port());
    }

    /// What clients know the sender at that address by.
    InetSocketAddress known(InetSocketAddress source) {
        TransportAddress seen = TransportAddress.of(source);
        Site site = before(seen.high(), seen.low(), seen.port());
        return site == null
                ? source
                : TransportAddress.socketAddress(
                        site.advertiseHigh, site.advertiseLow, seen.port());
    }

    private Site site(InetSocketAddress relayed) {
        InetAddress host = relayed.getAddress();
        Site site = advertised(TransportAddress.high(host), TransportAddress.low(host));
        if (site == null) {
            throw new IllegalArgumentException("no relay address of ours: " + relayed);
        }
        return site;
    }

    private @Nullable Site advertised(long high, long low) {
        for (Site site : sites) {
            if (site.isAdvertised(high, low)) {
                return site;
            }
        }
        return null;
    }

    /// A relay address in numbers, with its ports that are open.
    static final class Site {

        final long bindHigh;
        final long bindLow;
        final long advertiseHigh;
        final long advertiseLow;
        private final boolean isMapped;
        private final PortSet ports = new PortSet();

        Site(RelayAddress address) {
            bindHigh = TransportAddress.high(address.bind());
            bindLow = TransportAddress.low(address.bind());
            advertiseHigh = TransportAddress.high(address.advertise());
            advertiseLow = TransportAddress.low(address.advertise());
            isMapped = address.isMapped();
        }

        private boolean isAdvertised(long high, long low) {
            return advertiseLow == low && advertiseHigh == high;
        }
    }
}
