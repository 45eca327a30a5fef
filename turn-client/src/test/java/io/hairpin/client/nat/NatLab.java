package io.hairpin.client.nat;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.OTHER_ADDRESS;
import static io.hairpin.stun.Attributes.RESPONSE_PORT;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;

import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// A client's machine, a NAT that does what a test wants, and a server of RFC 5780 behind it, where
/// time passes only while somebody waits.
final class NatLab implements DiscoveryNetwork {

    static final InetSocketAddress SERVER = address("198.51.100.1", 3478);
    static final InetSocketAddress OTHER = address("198.51.100.2", 3479);
    static final InetAddress CLIENT = InetAddress.ofLiteral("10.0.0.2");
    static final InetAddress OUTSIDE = InetAddress.ofLiteral("203.0.113.1");

    // What the NAT does.
    boolean translating = true;
    Dependence mapping = Dependence.ENDPOINT_INDEPENDENT;
    Dependence filtering = Dependence.ENDPOINT_INDEPENDENT;
    boolean hairpinning;
    long lifetimeNanos = Long.MAX_VALUE;
    boolean blocking;

    /// Of so many datagrams to the server one is lost; zero for none.
    int lossInterval;

    // What the server does.
    boolean hasOther = true;
    boolean answersAtOther = true;
    boolean changes = true;
    boolean knowsChange = true;
    boolean knowsResponsePort = true;
    InetSocketAddress other = OTHER;

    private final Map<InetSocketAddress, LabSocket> sockets = new HashMap<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private long nowNanos;
    private int ports = 40_000;
    private int sent;

    static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    boolean allClosed() {
        return sockets.isEmpty();
    }

    @Override
    public DiscoverySocket open(InetSocketAddress server, int port) {
        LabSocket socket = new LabSocket(new InetSocketAddress(CLIENT, port == 0 ? ++ports : port));
        sockets.put(socket.localAddress, socket);
        return socket;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public void sleep(long nanos) {
        nowNanos += nanos;
    }

    /// A mapping of an inner socket, for one other end or all of them.
    private final class Mapping {
        private final InetSocketAddress inside;
        private final String key;
        private final InetSocketAddress outside;
        private final Set<InetSocketAddress> contacted = new HashSet<>();
        private long usedNanos;

        private Mapping(InetSocketAddress inside, String key) {
            this.inside = inside;
            this.key = key;
            outside = translating ? new InetSocketAddress(OUTSIDE, ++ports) : inside;
        }

        private boolean isAlive() {
            return nowNanos - usedNanos < lifetimeNanos;
        }

        private boolean admits(InetSocketAddress from) {
            return isAlive()
                    && contacted.stream()
                            .map(to -> depending(filtering, to))
                            .anyMatch(depending(filtering, from)::equals);
        }
    }

    private static String depending(Dependence on, InetSocketAddress end) {
        return switch (on) {
            case ENDPOINT_INDEPENDENT -> "";
            case ADDRESS_DEPENDENT -> end.getAddress().toString();
            case ADDRESS_AND_PORT_DEPENDENT -> end.toString();
        };
    }

    private void fromInside(InetSocketAddress from, byte[] datagram, InetSocketAddress to) {
        if (blocking) {
            return;
        }
        String key = depending(mapping, to);
        Mapping mapped =
                mappings.stream()
                        .filter(it -> it.inside.equals(from) && it.key.equals(key) && it.isAlive())
                        .findFirst()
                        .orElseGet(
                                () -> {
                                    Mapping fresh = new Mapping(from, key);
                                    mappings.add(fresh);
                                    return fresh;
                                });
        mapped.usedNanos = nowNanos;
        mapped.contacted.add(to);
        if (to.getAddress().equals(OUTSIDE)) {
            if (hairpinning) {
                fromOutside(mapped.outside, datagram, to);
            }
        } else if (lossInterval == 0 || ++sent % lossInterval != 0) {
            serve(mapped.outside, datagram, to);
        }
    }

    private void fromOutside(InetSocketAddress from, byte[] datagram, InetSocketAddress to) {
        mappings.stream()
                .filter(it -> it.outside.equals(to) && it.admits(from))
                .findFirst()
                .map(it -> sockets.get(it.inside))
                .ifPresent(
                        it ->
                                it.arrived.add(
                                        new DiscoverySocket.Arrived(
                                                from, ByteBuffer.wrap(datagram))));
    }

    private void serve(InetSocketAddress client, byte[] datagram, InetSocketAddress at) {
        boolean second = at.getAddress().equals(OTHER.getAddress());
        if (second && !answersAtOther) {
            return;
        }
        if (!(StunDecoder.decode(ByteBuffer.wrap(datagram))
                instanceof Decoded.Message(StunMessage request))) {
            throw new AssertionError("the client sent what is no message");
        }
        boolean unknown =
                (request.has(RESPONSE_PORT) && !knowsResponsePort)
                        || (request.has(CHANGE_REQUEST) && !knowsChange);
        if (unknown) {
            StunMessage.Builder refusal =
                    StunMessage.error(
                            Method.BINDING, request.transactionId(), ErrorCode.UNKNOWN_ATTRIBUTE);
            fromOutside(at, refusal.build().toBytes(), client);
            return;
        }
        StunMessage.Builder answer =
                StunMessage.success(Method.BINDING, request.transactionId())
                        .with(XOR_MAPPED_ADDRESS, client);
        if (hasOther) {
            answer.with(OTHER_ADDRESS, other);
        }
        ChangeRequest change =
                request.find(CHANGE_REQUEST)
                        .filter(_ -> changes)
                        .orElse(new ChangeRequest(false, false));
        InetSocketAddress from =
                new InetSocketAddress(
                        (second ^ change.address() ? OTHER : SERVER).getAddress(),
                        at.getPort() == OTHER.getPort() ^ change.port()
                                ? OTHER.getPort()
                                : SERVER.getPort());
        int port = request.find(RESPONSE_PORT).orElse(client.getPort());
        fromOutside(
                from, answer.build().toBytes(), new InetSocketAddress(client.getAddress(), port));
    }

    private final class LabSocket implements DiscoverySocket {
        private final InetSocketAddress localAddress;
        private final Queue<Arrived> arrived = new ArrayDeque<>();

        private LabSocket(InetSocketAddress localAddress) {
            this.localAddress = localAddress;
        }

        @Override
        public InetSocketAddress localAddress() {
            return localAddress;
        }

        @Override
        public void send(byte[] datagram, InetSocketAddress to) {
            fromInside(localAddress, datagram, to);
        }

        @Override
        public Optional<Arrived> receive(long nanos) {
            if (arrived.isEmpty()) {
                nowNanos += nanos;
            }
            return Optional.ofNullable(arrived.poll());
        }

        @Override
        public void close() {
            sockets.remove(localAddress);
        }
    }
}
