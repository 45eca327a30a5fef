package io.hairpin.server.transport;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.Faults;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AddressTable;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One shard's share of a UDP listener, with the clients that have an allocation through it.
/// Others leave no trace: their number is anybody's choice.
public final class UdpListener implements DatagramHandler {

    private final Set<AddressFamily> families;
    private final ProxyRanges proxies;
    private final DatagramProxyHeader proxyHeader = new DatagramProxyHeader();
    private final Faults faults;
    private final long seed;

    /// One for each address of this machine that clients with an allocation came to: a few.
    private final List<Clients> clients = new ArrayList<>(1);

    private @Nullable ClientInput input;
    private @Nullable DtlsListener dtls;

    /// @param families those that clients may be of, where the socket does not see to that
    /// @param proxies whose word on who sent a datagram is believed
    /// @param seed what nobody else knows, so that clients cannot choose addresses that collide
    public UdpListener(Set<AddressFamily> families, ProxyRanges proxies, Faults faults, long seed) {
        this.families = families;
        this.proxies = proxies;
        this.faults = faults;
        this.seed = seed;
    }

    /// Begins to serve; what arrives earlier is lost, as datagrams may be.
    public void start(ClientInput input) {
        this.input = input;
    }

    /// Whether it has begun to.
    public boolean isServing() {
        return input != null;
    }

    /// Begins to serve clients that speak DTLS.
    public void start(DtlsListener dtls) {
        this.dtls = dtls;
    }

    /// Ends the sessions of clients that speak DTLS.
    public void stop() {
        if (dtls != null) {
            dtls.stop();
        }
    }

    /// Lets data from that client take its path, or none.
    public void attach(FiveTuple client, @Nullable ClientPath path) {
        TransportAddress hop = TransportAddress.of(client.hop());
        InetAddress local = local(client.server());
        long localHigh = local == null ? 0 : TransportAddress.high(local);
        long localLow = local == null ? 0 : TransportAddress.low(local);
        Clients there = clients(localHigh, localLow);
        if (path == null && there != null) {
            there.paths.remove(hop);
            if (there.paths.size() == 0) {
                clients.remove(there);
            }
        } else if (path != null) {
            if (there == null) {
                there = new Clients(localHigh, localLow, new AddressTable<>(seed));
                clients.add(there);
            }
            there.paths.put(new Client(hop, client.proxy() == null ? null : client, path));
        }
    }

    /// The way to a client.
    public UdpClient client(FiveTuple client, DatagramEndpoint endpoint) {
        return new UdpClient(
                endpoint,
                TransportAddress.of(client.hop()),
                local(client.server()),
                input().traffic());
    }

    @Override
    public void received(DatagramEndpoint on, Datagram datagram) {
        if (input == null) {
            return;
        }
        long high = datagram.sourceHigh();
        long low = datagram.sourceLow();
        if (!families.contains(TransportAddress.family(high, low))) {
            return;
        }
        if (first(datagram) == DatagramProxyHeader.FIRST_BYTE) {
            fromProxy(on, datagram, input);
        } else {
            received(on, datagram, input, null);
        }
    }

    /// Takes in what begins as a header of the PROXY protocol does.
    private void fromProxy(DatagramEndpoint on, Datagram datagram, ClientInput input) {
        DatagramProxyHeader.Outcome outcome = proxyHeader.read(datagram);
        if (outcome != DatagramProxyHeader.Outcome.NONE
                && !proxies.contains(datagram.sourceHigh(), datagram.sourceLow())) {
            dropped(DropReason.UNTRUSTED_PROXY, 1);
            return;
        }
        switch (outcome) {
            case CLIENT -> received(on, datagram, input, proxyHeader);
            case NONE, PROXY -> received(on, datagram, input, null);
            case MALFORMED -> dropped(DropReason.MALFORMED_PROXY_HEADER, 1);
        }
    }

    /// @param by what a proxy said of the client, or null if nothing did
    private void received(
            DatagramEndpoint on,
            Datagram datagram,
            ClientInput input,
            @Nullable DatagramProxyHeader by) {
        if (dtls != null && isDtls(datagram)) {
            dtls.received(on, datagram, by);
        } else if (by == null) {
            arrived(datagram, input);
        } else {
            introduced(datagram, input);
        }
    }

    /// A proxy sends from an address of its own for each client, or it would not know whom an
    /// answer is for. So what comes without a header is of the client that came from there before.
    private void arrived(Datagram datagram, ClientInput input) {
        Client known = client(datagram);
        if (known == null) {
            input.received(datagram, null, null);
        } else {
            input.received(datagram, known.proxied, known.path);
        }
    }

    private void introduced(Datagram datagram, ClientInput input) {
        Client known = client(datagram);
        FiveTuple proxied = known == null ? null : known.proxied;
        if (known != null && proxied != null && proxyHeader.isFrom(proxied.client())) {
            input.received(datagram, proxied, known.path);
        } else {
            FiveTuple direct = input.tuple(datagram);
            input.received(
                    datagram,
                    new FiveTuple(
                            direct.transport(),
                            proxyHeader.client(),
                            direct.server(),
                            direct.client()),
                    null);
        }
    }

    private @Nullable Client client(Datagram datagram) {
        Clients there = clients(datagram.localHigh(), datagram.localLow());
        return there == null
                ? null
                : there.paths.get(
                        datagram.sourceHigh(), datagram.sourceLow(), datagram.sourcePort());
    }

    private static byte first(Datagram datagram) {
        return datagram.length() == 0 ? 0 : datagram.bytes().get(datagram.start());
    }

    private static boolean isDtls(Datagram datagram) {
        return PacketKind.of(first(datagram)) == PacketKind.DTLS;
    }

    @Override
    public void unsent(int datagrams) {
        dropped(DropReason.SEND_FAILED, datagrams);
    }

    @Override
    public void overrun(long datagrams) {
        dropped(DropReason.OVERRUN, datagrams);
    }

    @Override
    public void failed(Throwable cause) {
        faults.report("handling a datagram", cause);
    }

    private void dropped(DropReason reason, long datagrams) {
        if (input != null) {
            input.traffic().dropped(reason, datagrams);
        }
    }

    /// The address that a client came to, if it is not the one that the listener is bound to.
    private @Nullable InetAddress local(InetSocketAddress server) {
        return server.equals(input().server()) ? null : server.getAddress();
    }

    private ClientInput input() {
        if (input == null) {
            throw new IllegalStateException("not started");
        }
        return input;
    }

    private @Nullable Clients clients(long localHigh, long localLow) {
        for (int i = 0; i < clients.size(); i++) {
            Clients there = clients.get(i);
            if (there.localLow == localLow && there.localHigh == localHigh) {
                return there;
            }
        }
        return null;
    }

    /// Clients that came to the same address of this machine.
    private record Clients(long localHigh, long localLow, AddressTable<Client> paths) {}

    /// @param address where its datagrams come from
    /// @param proxied who it is, if that is a proxy
    private record Client(TransportAddress address, @Nullable FiveTuple proxied, ClientPath path)
            implements AddressTable.Entry {}
}
