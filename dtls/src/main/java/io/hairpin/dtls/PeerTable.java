package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The clients that have a session or a handshake, by their address and the one they came to.
final class PeerTable {

    /// One client.
    static final class Peer implements AddressTable.Entry {

        final Route route;

        /// Where the client is from, which it counts for while it is here.
        final InetAddress source;

        @Nullable DtlsSession session;
        @Nullable ServerHandshake handshake;

        /// From the ClientHello of the session, to tell apart one that comes late from a new one.
        long sessionRandom;

        Peer(Route route, InetAddress source) {
            this.route = route;
            this.source = source;
        }

        @Override
        public TransportAddress address() {
            return route.remote();
        }
    }

    /// Clients that came to the same address of this machine.
    private record Site(long localHigh, long localLow, AddressTable<Peer> peers) {}

    private final long seed;
    private final List<Site> sites = new ArrayList<>(1);

    PeerTable(long seed) {
        this.seed = seed;
    }

    boolean isEmpty() {
        return sites.isEmpty();
    }

    int size() {
        return sites.stream().mapToInt(site -> site.peers().size()).sum();
    }

    /// The client that sent the datagram, or null.
    @Nullable Peer find(Datagram arrived) {
        Site site = site(arrived.localHigh(), arrived.localLow());
        return site == null
                ? null
                : site.peers().get(arrived.sourceHigh(), arrived.sourceLow(), arrived.sourcePort());
    }

    @Nullable Peer find(DtlsSession session) {
        Site site = site(session.localHigh(), session.localLow());
        return site == null ? null : site.peers().get(session.remote());
    }

    void add(Peer peer) {
        Site site = site(peer.route.localHigh(), peer.route.localLow());
        if (site == null) {
            site =
                    new Site(
                            peer.route.localHigh(),
                            peer.route.localLow(),
                            new AddressTable<>(seed));
            sites.add(site);
        }
        site.peers().put(peer);
    }

    /// Takes a client out that has nothing any more; says whether it did.
    boolean removeIfUnused(Peer peer) {
        Site site = site(peer.route.localHigh(), peer.route.localLow());
        if (site == null || peer.session != null || peer.handshake != null) {
            return false;
        }
        site.peers().remove(peer.address());
        if (site.peers().size() == 0) {
            sites.remove(site);
        }
        return true;
    }

    List<Peer> all() {
        List<Peer> all = new ArrayList<>();
        sites.forEach(site -> all.addAll(site.peers().all()));
        return all;
    }

    private @Nullable Site site(long localHigh, long localLow) {
        for (int i = 0; i < sites.size(); i++) {
            Site site = sites.get(i);
            if (site.localLow() == localLow && site.localHigh() == localHigh) {
                return site;
            }
        }
        return null;
    }
}
