package io.hairpin.bench;

import io.hairpin.net.Arrivals;
import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.HeldPorts;
import io.hairpin.net.Opened;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.Answers;
import io.hairpin.server.core.BindingPolicy;
import io.hairpin.server.core.ByResource;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.Extensions;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.core.PeerPolicy;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Realm;
import io.hairpin.server.core.Realms;
import io.hairpin.server.core.Redirection;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Reservations;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.Transport;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.core.TurnPolicy;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.DataPaths;
import io.hairpin.server.relay.OpenRelays;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.server.relay.RelayAddresses;
import io.hairpin.server.relay.Relays;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Clients with a relay and a channel each, set up by the server's own core, in front of sockets
/// that only count: what is left of the relay step is what the server itself does.
final class RelayedClients {
    private static final InetAddress SERVER = InetAddress.ofLiteral("198.51.100.1");
    private static final InetSocketAddress LISTENER = new InetSocketAddress(SERVER, 3478);
    private static final InetAddress PEER = InetAddress.ofLiteral("8.8.8.8");
    private static final long PACE_NANOS = 500;
    private static final String USER = "alice";
    private static final String REALM = "bench.example";
    private static final String PASSWORD = "correct-horse";
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, USER, REALM, PASSWORD);

    private final SplittableRandom random = new SplittableRandom(8656);
    private final Authenticator authenticator =
            new Authenticator(
                    REALM,
                    List.of(new StaticUsers(REALM, Map.of(USER, PASSWORD))),
                    new Nonces(new byte[32], Duration.ofHours(1), InstantSource.system()));
    private final List<RelayAddress> addresses = List.of(new RelayAddress(SERVER, SERVER));
    private final OpenRelays open = new OpenRelays(addresses);
    private final Sockets sockets = new Sockets();
    private final Relays relays;
    private final TurnCore core;
    private final Client[] clients;

    private final Datagram datagram = new Datagram();
    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(DatagramHandler.HEADROOM + 2048)
                    .put(DatagramHandler.HEADROOM, new byte[Samples.PAYLOAD_BYTES]);
    private int next;
    private long nowNanos;

    RelayedClients(int count, SharedLimits limits) {
        relays =
                new Relays(
                        sockets,
                        new RelayAddresses(addresses, 1024, 65_535, random),
                        new HeldPorts(),
                        new DataPaths(
                                () -> nowNanos,
                                random,
                                open,
                                SocketBuffers.SYSTEM_DEFAULT,
                                PathSignals.NONE,
                                true),
                        new Faults());
        core =
                new TurnCore(
                        new Realms(
                                new Realm(
                                        authenticator,
                                        policy(),
                                        new PeerPolicy(List.of(), List.of(), new OnlyRelays(open)),
                                        null,
                                        ByResource.of(_ -> new Quotas(count, count)))),
                        new Reservations(),
                        random,
                        new Extensions(
                                null,
                                BindingPolicy.BASIC,
                                null,
                                Redirection.NONE,
                                Answers.TO_ALL,
                                limits));
        clients = new Client[count];
        for (int i = 0; i < count; i++) {
            clients[i] = open(i);
        }
    }

    private static TurnPolicy policy() {
        return new TurnPolicy(
                Set.of(AddressFamily.IPV4),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                64,
                64,
                TurnPolicy.LAST_CHANNEL);
    }

    /// Relays ChannelData of the next client to its peer, and tells how many bytes left.
    long channelDataToPeer() {
        Client client = next();
        int start = DatagramHandler.HEADROOM;
        ChannelData.writeHeader(bytes, start, ChannelData.MIN_CHANNEL, Samples.PAYLOAD_BYTES);
        Arrivals.put(
                datagram,
                bytes,
                start,
                ChannelData.HEADER_BYTES + Samples.PAYLOAD_BYTES,
                client.address);
        client.path().channelData(datagram);
        return sockets.endpoint.sent;
    }

    /// Relays a datagram of the next client's peer to it, and tells how many bytes left.
    long peerToChannelData() {
        Client client = next();
        Arrivals.put(datagram, bytes, DatagramHandler.HEADROOM, Samples.PAYLOAD_BYTES, client.peer);
        client.relay().received(sockets.endpoint, datagram);
        return client.sent;
    }

    /// Time passes as it does for a busy server, of which it asks once in a turn of its loop.
    private Client next() {
        nowNanos += (next & 31) == 0 ? 32 * PACE_NANOS : 0;
        next = next + 1 == clients.length ? 0 : next + 1;
        return clients[next];
    }

    private Client open(int number) {
        InetAddress host = InetAddress.ofLiteral("192.0.2." + (1 + number / 50_000));
        InetSocketAddress address = new InetSocketAddress(host, 10_000 + number % 50_000);
        InetSocketAddress peer = new InetSocketAddress(PEER, 1024 + number);
        Client client = new Client(address, peer);
        handle(client, request(client, Method.ALLOCATE).with(Attributes.REQUESTED_TRANSPORT, 17));
        handle(
                client,
                request(client, Method.CHANNEL_BIND)
                        .with(Attributes.CHANNEL_NUMBER, ChannelData.MIN_CHANNEL)
                        .with(Attributes.XOR_PEER_ADDRESS, peer));
        return client;
    }

    private StunMessage.Builder request(Client client, Method method) {
        return StunMessage.request(method, TransactionId.random(random))
                .with(Attributes.USERNAME, USER)
                .with(Attributes.REALM, REALM)
                .with(Attributes.NONCE, authenticator.challenge(client.tuple.client()).nonce());
    }

    private void handle(Client client, StunMessage.Builder request) {
        StunMessage signed = request.integrity(Integrity.SHA1, KEY).build();
        execute(client, core.handle(new Event.MessageReceived(client.tuple, signed), 0));
    }

    private void execute(Client client, List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.OpenRelay(var id, _, var spec) -> {
                    List<Event> answers = new ArrayList<>(1);
                    relays.open(id, spec, client, answers::add);
                    client.relay = sockets.opened;
                    execute(client, core.handle(answers.getFirst(), 0));
                }
                case Effect.AllocationOpened opened -> {
                    Allocation allocation =
                            Objects.requireNonNull(core.allocation(opened.allocation()));
                    client.path = relays.start(allocation);
                }
                case Effect.Send _ -> {} // that it went well shows when packets pass
                case Effect.SendElsewhere _,
                        Effect.Reject _,
                        Effect.LookUpCredentials _,
                        Effect.Indicate _,
                        Effect.CloseRelay _,
                        Effect.Tcp _,
                        Effect.OfMobility _,
                        Effect.ReleasePort _,
                        Effect.AllocationClosed _,
                        Effect.Drop _ ->
                        throw new IllegalStateException("set-up fails: " + effect);
            }
        }
    }

    /// A client whose way back ends here.
    private static final class Client implements ClientLink, Traffic {
        private final FiveTuple tuple;
        private final TransportAddress address;
        private final TransportAddress peer;
        private @Nullable DataPath path;
        private @Nullable DatagramHandler relay;
        private long sent;

        Client(InetSocketAddress address, InetSocketAddress peer) {
            this.tuple = new FiveTuple(Transport.UDP, address, LISTENER);
            this.address = TransportAddress.of(address);
            this.peer = TransportAddress.of(peer);
        }

        DataPath path() {
            return Objects.requireNonNull(path);
        }

        DatagramHandler relay() {
            return Objects.requireNonNull(relay);
        }

        @Override
        public int maxMessageBytes() {
            return 65_507;
        }

        @Override
        public boolean send(Datagram data) {
            sent += data.totalLength();
            return true;
        }

        @Override
        public boolean send(StunMessage message) {
            throw new IllegalStateException("no message is sent this way");
        }

        @Override
        public Traffic traffic() {
            return this;
        }

        @Override
        public void relayedToPeer(int bytes) {
            sent += bytes;
        }

        @Override
        public void relayedToClient(int bytes) {
            sent += bytes;
        }

        @Override
        public void dropped(DropReason reason, long packets) {
            throw new IllegalStateException("nothing should be dropped: " + reason);
        }

        @Override
        public void refused(RefusalReason reason) {
            throw new IllegalStateException("no connection should be refused: " + reason);
        }
    }

    /// Opens sockets that only count what they are to send.
    private static final class Sockets implements DatagramNetwork {
        private final Endpoint endpoint = new Endpoint();
        private @Nullable DatagramHandler opened;

        @Override
        public CompletionStage<Opened> open(Spec spec, DatagramHandler handler) {
            opened = handler;
            return CompletableFuture.completedFuture(new Opened.Bound(endpoint));
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static final class Endpoint implements DatagramEndpoint {
        private long sent;

        @Override
        public InetSocketAddress localAddress() {
            return LISTENER;
        }

        @Override
        public SocketBuffers buffers() {
            return SocketBuffers.SYSTEM_DEFAULT;
        }

        @Override
        public void send(Datagram datagram, long high, long low, int port) {
            sent += datagram.totalLength();
        }

        @Override
        public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
            sent += datagram.totalLength();
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /// A server whose own addresses are no peers, as they never are.
    private record OnlyRelays(OpenRelays open) implements OwnAddresses {
        @Override
        public boolean hasEndpoint(InetAddress address) {
            return address.equals(SERVER);
        }

        @Override
        public boolean isEndpoint(long high, long low, int port) {
            return false;
        }

        @Override
        public boolean isRelayAddress(InetAddress address) {
            return open.isRelayAddress(address);
        }

        @Override
        public boolean isOpenRelay(long high, long low, int port) {
            return open.contains(high, low, port);
        }
    }
}
