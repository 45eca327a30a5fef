package io.hairpin.client.load;

import io.hairpin.client.TlsOptions;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// All that a run of the load generator does.
///
/// @param tls which certificates clients believe; for secured transports, and those only
/// @param accounts for the server's challenge; without them, a server that challenges refuses
/// @param clients each has a socket and an allocation of its own
/// @param threads event loops that clients and peers are divided among
/// @param peers UDP sockets on each event loop that its clients share as peers
/// @param offload whether bursts leave and arrive as super-packets (UDP_SEGMENT, UDP_GRO) where the
///     system can, instead of one by one
/// @param clientAddress where clients bind; by default the local address towards the server
/// @param clientNetwork addresses of this machine, one for each client, so that the clients of an
///     event loop share one UDP socket
/// @param peerAddress where peers bind; by default the local address towards the server
/// @param traffic empty to set up allocations and hold them only
/// @param halfOpen connections that are begun and left half open beside the traffic, of each kind
/// @param serverPid a process of this machine whose CPU and memory is reported
/// @param seed of transaction ids and the like
public record LoadPlan(
        InetSocketAddress server,
        ClientTransport transport,
        Optional<TlsOptions> tls,
        Optional<Accounts> accounts,
        int clients,
        int threads,
        int peers,
        boolean offload,
        Optional<InetAddress> clientAddress,
        Optional<AddressRange> clientNetwork,
        Optional<InetAddress> peerAddress,
        SetUpPlan setUp,
        Optional<TrafficPlan> traffic,
        Optional<FloodPlan> flood,
        Map<HalfOpen, Integer> halfOpen,
        OptionalLong serverPid,
        long seed) {

    /// More than the ports of one address.
    public static final int MAX_CLIENTS = 1_000_000;

    private static final int MAX_THREADS = 256;
    private static final int MAX_PEERS = 1000;

    public LoadPlan {
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("no address is known for " + server.getHostString());
        }
        if (tls.isPresent() != transport.isSecured()) {
            throw new IllegalArgumentException(
                    "whom to believe is a question of TLS and DTLS, and of them only");
        }
        peerAddress.ifPresent(LoadPlan::checkConcrete);
        clientAddress.ifPresent(LoadPlan::checkConcrete);
        halfOpen = Map.copyOf(halfOpen);
        halfOpen.forEach((kind, count) -> check("half-open " + kind, count, HalfOpen.MAX));
        check("clients", clients, MAX_CLIENTS);
        check("threads", threads, Math.min(clients, MAX_THREADS));
        check("peers", peers, MAX_PEERS);
        if (clientNetwork.isPresent()) {
            int each = (clients + threads - 1) / threads;
            checkNetwork(clientNetwork.get(), transport, server, each);
        }
    }

    /// The server is told where a peer is.
    private static void checkConcrete(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "clients and peers need an address of their own: "
                            + address.getHostAddress()
                            + " is none");
        }
    }

    private static void checkNetwork(
            AddressRange network, ClientTransport transport, InetSocketAddress server, int each) {
        if (transport.isStream()) {
            throw new IllegalArgumentException("only over UDP clients share a socket");
        }
        if (network.isIpv4() != (server.getAddress() instanceof Inet4Address)) {
            throw new IllegalArgumentException("the clients' network is of another family");
        }
        check("clients of one event loop in that network", each, network.count());
    }

    private static void check(String what, int number, int max) {
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(
                    "there are 1 to " + max + " " + what + ", not " + number);
        }
    }

    /// The part of `count` that falls to loop `index`.
    int share(int count, int index) {
        return count / threads + (index < count % threads ? 1 : 0);
    }
}
