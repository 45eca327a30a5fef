package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.DATA;
import static io.hairpin.stun.Attributes.ERROR_CODE;
import static io.hairpin.stun.Attributes.ICMP;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.server.core.ClientCredentials.Learned;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// A client behind a NAT, on UDP or TCP: sends requests until they are answered, does the 401
/// dance, and checks that what it gets is what it may get. What it wants is up to
/// [ClientBehaviour].
final class SimulatedClient {

    private static final long RETRANSMISSION_NANOS = 500_000_000L;
    private static final int TRANSMISSIONS = 5;
    private static final int DANCES = 2;

    /// A request that waits for its answer.
    private record Transaction(
            StunMessage request,
            UnaryOperator<StunMessage.Builder> content,
            ClientCredentials credentials,
            int dances) {

        Method method() {
            return request.method();
        }
    }

    private final TurnWorld world;
    private final Simulation simulation;
    private final VirtualNetwork network;
    private final Transport transport;
    private final InetSocketAddress server;
    private final RandomGenerator random;
    private final Map<TransactionId, Transaction> transactions = new HashMap<>();

    private ClientCredentials credentials;
    private Learned learned = Learned.NOTHING;
    private InetSocketAddress mapped;
    private @Nullable VirtualConnection connection;
    private boolean allocated;
    private final List<InetSocketAddress> permitted = new ArrayList<>();
    private final List<Integer> channels = new ArrayList<>();

    SimulatedClient(TurnWorld world, Transport transport, InetSocketAddress server) {
        this.world = world;
        this.transport = transport;
        this.server = server;
        simulation = world.simulation();
        network = world.network();
        random = simulation.randomness();
        credentials = world.credentials(random);
        mapped = world.takeAddress(server.getAddress());
        if (transport == Transport.UDP) {
            network.attach(mapped, (_, _, bytes) -> received(bytes));
        }
    }

    boolean isConnected() {
        return transport.isStream();
    }

    RandomGenerator random() {
        return random;
    }

    TurnWorld world() {
        return world;
    }

    ClientCredentials credentials() {
        return credentials;
    }

    /// Whether it believes to have an allocation.
    boolean isAllocated() {
        return allocated;
    }

    void renewCredentials() {
        credentials = world.credentials(random);
        learned = random.nextBoolean() ? learned : Learned.NOTHING;
    }

    /// The NAT forgets the client and gives it another address.
    void rebind() {
        if (transport == Transport.UDP) {
            network.detach(mapped);
            world.returnAddress(mapped);
            mapped = world.takeAddress(server.getAddress());
            network.attach(mapped, (_, _, bytes) -> received(bytes));
        }
    }

    /// Is never heard of again by where it was; somebody new comes in its stead.
    void vanish() {
        hangUp();
        rebind();
        transactions.clear();
        forget();
        renewCredentials();
        world.tally().count("client vanished");
    }

    void hangUp() {
        VirtualConnection closing = connection;
        if (closing != null) {
            InetSocketAddress address = mapped;
            connection = null;
            transactions.clear();
            forget();
            closing.close(() -> world.returnAddress(address));
            mapped = world.takeAddress(server.getAddress());
        }
    }

    void request(Method method, UnaryOperator<StunMessage.Builder> content) {
        request(method, content, credentials, 0);
    }

    void request(
            Method method,
            UnaryOperator<StunMessage.Builder> content,
            ClientCredentials signer,
            int dances) {
        TransactionId id = TransactionId.random(random);
        StunMessage.Builder builder = content.apply(StunMessage.request(method, id));
        if (method != Method.BINDING && (dances > 0 || !learned.equals(Learned.NOTHING))) {
            signer.sign(signer.show(builder, method), learned);
        }
        if (random.nextInt(4) == 0) {
            builder.fingerprint();
        }
        transactions.put(id, new Transaction(builder.build(), content, signer, dances));
        transmit(id, 0);
    }

    private void transmit(TransactionId id, int earlier) {
        Transaction transaction = transactions.get(id);
        if (transaction == null) {
            return;
        }
        if (earlier == TRANSMISSIONS || world.isOver()) {
            transactions.remove(id);
            return;
        }
        send(transaction.request().toBytes());
        if (transport == Transport.UDP) {
            simulation.after(RETRANSMISSION_NANOS << earlier, () -> transmit(id, earlier + 1));
        }
    }

    void send(byte[] bytes) {
        switch (transport) {
            case UDP, DTLS -> network.send(mapped, server, bytes);
            case TCP, TLS -> {
                VirtualConnection open = connection;
                if (open == null) {
                    open = world.connect(new FiveTuple(transport, mapped, server), this::received);
                    connection = open;
                }
                open.toServer(bytes);
            }
        }
    }

    private void received(byte[] bytes) {
        switch (PacketKind.of(bytes[0])) {
            case STUN -> {
                Decoded decoded = StunDecoder.decode(ByteBuffer.wrap(bytes));
                assertThat(decoded).isInstanceOf(Decoded.Message.class);
                received(((Decoded.Message) decoded).message());
            }
            case CHANNEL_DATA -> world.tally().count("client reached by channel");
            case DTLS, UNKNOWN -> throw new AssertionError("the server sent " + bytes[0]);
        }
    }

    private void received(StunMessage message) {
        switch (message.messageClass()) {
            case SUCCESS_RESPONSE, ERROR_RESPONSE -> {
                Transaction transaction = transactions.remove(message.transactionId());
                if (transaction != null) { // else a copy, or meant for who had this address before
                    answered(transaction, message);
                }
            }
            case INDICATION -> data(message);
            case REQUEST -> throw new AssertionError("the server sent " + message);
        }
    }

    private void data(StunMessage message) {
        if (message.method() == Method.CONNECTION_ATTEMPT) {
            world.tally().count("client told of a peer");
            world.connectionHeard(message.find(CONNECTION_ID).orElseThrow(), credentials);
            return;
        }
        assertThat(message.method()).isEqualTo(Method.DATA);
        String from = message.find(XOR_PEER_ADDRESS).orElseThrow().toString();
        if (message.has(ICMP)) {
            assertThat(message.has(DATA)).isFalse();
            world.tally().count("client told of an ICMP error");
            return;
        }
        String text = new String(message.find(DATA).orElseThrow(), US_ASCII);
        world.tally().count("client reached by indication");
        if (text.startsWith(SimulatedPeer.FROM)) {
            assertThat(text).isEqualTo(SimulatedPeer.FROM + from);
        } else if (!text.isEmpty()) {
            world.tally().count("client reached by client");
        }
    }

    private void answered(Transaction transaction, StunMessage answer) {
        assertThat(answer.method()).isEqualTo(transaction.method());
        int code = answer.find(ERROR_CODE).map(error -> error.code()).orElse(0);
        boolean challenge =
                code == ErrorCode.UNAUTHENTICATED.code() || code == ErrorCode.STALE_NONCE.code();
        checkSignature(transaction, answer, code);
        if (challenge) {
            learned = Learned.from(answer);
            if (transaction.dances() < DANCES && !world.isOver()) {
                request(
                        transaction.method(),
                        transaction.content(),
                        transaction.credentials(),
                        transaction.dances() + 1);
            }
        } else if (answer.messageClass() == MessageClass.SUCCESS_RESPONSE) {
            succeeded(transaction.request(), answer);
        } else if (code == ErrorCode.ALLOCATION_MISMATCH.code()) {
            allocated = transaction.method() == Method.ALLOCATE;
            if (!allocated) {
                forget();
            }
        }
    }

    /// Nobody signs what is said to a stranger; all else has the signature that was asked for.
    private static void checkSignature(Transaction transaction, StunMessage answer, int code) {
        boolean toStranger =
                transaction.method() == Method.BINDING
                        || code == ErrorCode.UNAUTHENTICATED.code()
                        || code == ErrorCode.STALE_NONCE.code()
                        || code == ErrorCode.SERVER_ERROR.code()
                        || (code == ErrorCode.BAD_REQUEST.code() && answer.integrity().isEmpty());
        ClientCredentials signer = transaction.credentials();
        if (toStranger) {
            assertThat(answer.integrity()).isEmpty();
        } else {
            assertThat(answer.integrity()).contains(signer.integrity());
            assertThat(answer.verify(signer.integrity(), signer.key())).as("%s", answer).isTrue();
        }
    }

    private void succeeded(StunMessage request, StunMessage answer) {
        switch (request.method()) {
            case BINDING -> assertThat(answer.find(XOR_MAPPED_ADDRESS)).isPresent();
            case ALLOCATE -> {
                allocated = true;
                answer.findAll(XOR_RELAYED_ADDRESS).forEach(world::heardOf);
                answer.find(RESERVATION_TOKEN).ifPresent(world::tokenGiven);
                answer.find(MOBILITY_TICKET).ifPresent(world::ticketGiven);
            }
            case REFRESH -> {
                answer.find(MOBILITY_TICKET).ifPresent(world::ticketGiven);
                if (LedgerEntry.isDeletion(request)) {
                    forget();
                } else {
                    allocated = true;
                }
            }
            case CREATE_PERMISSION -> permitted.addAll(request.findAll(XOR_PEER_ADDRESS));
            case CHANNEL_BIND -> channels.add(request.find(CHANNEL_NUMBER).orElseThrow());
            case CONNECT ->
                    world.connectionHeard(answer.find(CONNECTION_ID).orElseThrow(), credentials);
            case CONNECTION_BIND -> {
                VirtualConnection data = connection;
                simulation.after(
                        random.nextLong(60_000_000_000L),
                        () -> {
                            if (data == connection) {
                                hangUp();
                            }
                        });
            }
            case SEND, DATA, CONNECTION_ATTEMPT -> throw new AssertionError("success of " + answer);
        }
    }

    private void forget() {
        allocated = false;
        permitted.clear();
        channels.clear();
    }

    /// Peers it was permitted to send to at some time.
    List<InetSocketAddress> permitted() {
        return permitted;
    }

    /// Channels it has bound at some time.
    List<Integer> channels() {
        return channels;
    }

    boolean isIdle() {
        return transactions.isEmpty();
    }
}
