package io.hairpin.interop;

import io.hairpin.client.nat.Dependence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A NAT of any kind in this process, between clients on loopback and a server at two ports of two
/// addresses there. Clients find each of the four at an address of the NAT's with the same port, so
/// the server has to advertise those; and the server sees clients at [#OUTSIDE].
final class LoopbackNat implements AutoCloseable {

    /// Where the server is.
    static final List<InetAddress> SERVER = addresses("127.0.2.1", "127.0.2.2");

    /// Where clients find it.
    static final List<InetAddress> INSIDE = addresses("127.0.1.1", "127.0.1.2");

    static final InetAddress OUTSIDE = InetAddress.ofLiteral("127.0.3.1");

    private static final int MAX_MAPPINGS = 200;
    private static final int MAX_DATAGRAM = 65_535;

    /// What it does.
    record Kind(Dependence mapping, Dependence filtering, boolean hairpinning, boolean blocking) {}

    /// A client's port outside, for all or some of those it sends to.
    private record Mapping(
            DatagramSocket outside, InetSocketAddress client, Set<InetSocketAddress> contacted) {

        InetSocketAddress address() {
            return (InetSocketAddress) outside.getLocalSocketAddress();
        }
    }

    private final Kind kind;
    private final Map<InetSocketAddress, DatagramSocket> insideOf = new HashMap<>();
    private final Map<String, Mapping> mappings = new ConcurrentHashMap<>();
    private final Queue<Thread> pumps = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    private LoopbackNat(Kind kind) {
        this.kind = kind;
    }

    static LoopbackNat before(int port, int otherPort, Kind kind) {
        LoopbackNat nat = new LoopbackNat(kind);
        try {
            for (int i = 0; i < SERVER.size(); i++) {
                for (int each : List.of(port, otherPort)) {
                    InetSocketAddress server = new InetSocketAddress(SERVER.get(i), each);
                    DatagramSocket inside =
                            new DatagramSocket(new InetSocketAddress(INSIDE.get(i), each));
                    nat.insideOf.put(server, inside);
                    nat.pump(inside, datagram -> nat.toServer(datagram, server));
                }
            }
            return nat;
        } catch (IOException e) {
            nat.close();
            throw new UncheckedIOException(e);
        }
    }

    private static List<InetAddress> addresses(String... addresses) {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.ofLiteral(address));
        }
        return List.copyOf(all);
    }

    private void toServer(DatagramPacket datagram, InetSocketAddress server) throws IOException {
        if (kind.blocking()) {
            return;
        }
        Mapping mapping = mapping((InetSocketAddress) datagram.getSocketAddress(), server);
        datagram.setSocketAddress(server);
        mapping.outside().send(datagram);
    }

    /// The mapping for what that client sends there, be it a new one.
    private synchronized Mapping mapping(InetSocketAddress client, InetSocketAddress to)
            throws IOException {
        String key = client + " " + depending(kind.mapping(), to);
        Mapping known = mappings.get(key);
        if (known == null) {
            if (mappings.size() == MAX_MAPPINGS) {
                throw new IllegalStateException("too many mappings for a test");
            }
            known =
                    new Mapping(
                            new DatagramSocket(new InetSocketAddress(OUTSIDE, 0)),
                            client,
                            ConcurrentHashMap.newKeySet());
            mappings.put(key, known);
            Mapping opened = known;
            pump(opened.outside(), datagram -> arrived(datagram, opened));
        }
        known.contacted().add(to);
        return known;
    }

    /// What comes to the outside of a mapping is from the server, or from another client inside,
    /// whom nothing else stands before.
    private void arrived(DatagramPacket datagram, Mapping mapping) throws IOException {
        InetSocketAddress from = (InetSocketAddress) datagram.getSocketAddress();
        DatagramSocket inside = insideOf.get(from);
        if (inside != null) {
            if (admits(mapping, from)) {
                datagram.setSocketAddress(mapping.client());
                inside.send(datagram);
            }
        } else if (kind.hairpinning()) {
            Mapping sender = mapping(from, mapping.address());
            if (admits(mapping, sender.address())) {
                datagram.setSocketAddress(mapping.client());
                sender.outside().send(datagram);
            }
        }
    }

    private boolean admits(Mapping mapping, InetSocketAddress from) {
        return mapping.contacted().stream()
                .map(to -> depending(kind.filtering(), to))
                .anyMatch(depending(kind.filtering(), from)::equals);
    }

    private static String depending(Dependence on, InetSocketAddress end) {
        return switch (on) {
            case ENDPOINT_INDEPENDENT -> "";
            case ADDRESS_DEPENDENT -> end.getAddress().getHostAddress();
            case ADDRESS_AND_PORT_DEPENDENT -> end.toString();
        };
    }

    /// A port is free again only when nobody waits for its socket any more.
    @Override
    public void close() {
        isClosed = true;
        insideOf.values().forEach(DatagramSocket::close);
        mappings.values().forEach(mapping -> mapping.outside().close());
        try {
            for (Thread pump = pumps.poll(); pump != null; pump = pumps.poll()) {
                pump.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Passage {
        void pass(DatagramPacket datagram) throws IOException;
    }

    private void pump(DatagramSocket from, Passage passage) {
        pumps.add(Thread.ofVirtual().start(() -> passAll(from, passage)));
    }

    private void passAll(DatagramSocket from, Passage passage) {
        byte[] bytes = new byte[MAX_DATAGRAM];
        try {
            while (true) {
                DatagramPacket datagram = new DatagramPacket(bytes, bytes.length);
                from.receive(datagram);
                passage.pass(datagram);
            }
        } catch (IOException e) {
            if (!isClosed) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
