package io.hairpin.server;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.OTHER_ADDRESS;
import static io.hairpin.stun.Attributes.PADDING;
import static io.hairpin.stun.Attributes.RESPONSE_ORIGIN;
import static io.hairpin.stun.Attributes.RESPONSE_PORT;
import static io.hairpin.stun.ClassicAttributes.CHANGED_ADDRESS;
import static io.hairpin.stun.ClassicAttributes.SOURCE_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.CompatibilityConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.NatDiscoveryConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// NAT behaviour discovery on two addresses of loopback, by every kind of socket.
class NatDiscoveryIT {

    private static final InetAddress FIRST = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress SECOND = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress PUBLIC_FIRST = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress PUBLIC_SECOND = InetAddress.ofLiteral("203.0.113.8");

    private static final int PATIENCE_MILLIS = 5000;

    private final int port = freePort();
    private final RandomGenerator random = new SplittableRandom(9);

    @ParameterizedTest
    @EnumSource
    void answersComeFromWhereTheyAreAskedFor(SocketKind kind) throws IOException {
        if (!kind.isAvailable()) {
            return;
        }
        try (TurnServer server = TurnServer.start(configuration(false), kind);
                DatagramSocket client = socket()) {
            for (InetAddress address : List.of(FIRST, SECOND)) {
                for (int to : List.of(port, port + 1)) {
                    InetSocketAddress asked = new InetSocketAddress(address, to);
                    for (boolean changeAddress : List.of(false, true)) {
                        for (boolean changePort : List.of(false, true)) {
                            check(client, asked, new ChangeRequest(changeAddress, changePort));
                        }
                    }
                }
            }
            assertThat(server.addresses(Transport.UDP)).hasSize(4);
        }
    }

    private void check(DatagramSocket client, InetSocketAddress asked, ChangeRequest change)
            throws IOException {
        TransactionId id = TransactionId.random(random);
        StunMessage request =
                StunMessage.request(Method.BINDING, id).with(CHANGE_REQUEST, change).build();
        send(client, request, asked);

        DatagramPacket answer = receive(client);
        StunMessage message = decoded(answer);

        assertThat(message.transactionId()).isEqualTo(id);
        assertThat(answer.getSocketAddress())
                .as("%s of %s", change, asked)
                .isEqualTo(changed(asked, change))
                .isEqualTo(message.find(RESPONSE_ORIGIN).orElseThrow());
        assertThat(message.find(OTHER_ADDRESS))
                .contains(changed(asked, new ChangeRequest(true, true)));
    }

    private InetSocketAddress changed(InetSocketAddress from, ChangeRequest change) {
        boolean first = from.getAddress().equals(FIRST) != change.address();
        boolean lower = from.getPort() == port != change.port();
        return new InetSocketAddress(first ? FIRST : SECOND, lower ? port : port + 1);
    }

    @Test
    void anAnswerMayGoToAnotherPortAndBePadded() throws IOException {
        try (TurnServer _ = TurnServer.start(configuration(false));
                DatagramSocket asking = socket();
                DatagramSocket listening = socket()) {
            InetSocketAddress server = new InetSocketAddress(FIRST, port);
            StunMessage elsewhere = binding().with(RESPONSE_PORT, listening.getLocalPort()).build();
            send(asking, elsewhere, server);
            assertThat(decoded(receive(listening)).transactionId())
                    .isEqualTo(elsewhere.transactionId());

            send(asking, binding().with(PADDING, new byte[1500]).build(), server);
            assertThat(decoded(receive(asking)).find(PADDING).orElseThrow()).hasSize(1500);
        }
    }

    @Test
    void behindANatTheAdvertisedAddressesAreTold() throws IOException {
        try (TurnServer server = TurnServer.start(configuration(true));
                DatagramSocket client = socket()) {
            send(client, binding().build(), new InetSocketAddress(SECOND, port));
            StunMessage message = decoded(receive(client));

            assertThat(message.find(RESPONSE_ORIGIN))
                    .contains(new InetSocketAddress(PUBLIC_SECOND, port));
            assertThat(message.find(OTHER_ADDRESS))
                    .contains(new InetSocketAddress(PUBLIC_FIRST, port + 1));
            assertThat(server.describe())
                    .contains(
                            "NAT discovery on 127.0.0.1, seen by clients as 203.0.113.7 and"
                                    + " 127.0.0.2, seen by clients as 203.0.113.8, ports %d and %d"
                                            .formatted(port, port + 1));
        }
    }

    @Test
    void tcpIsServedAtAllFourIfAtTheFirst() throws IOException {
        try (TurnServer server = TurnServer.start(configuration(false))) {
            assertThat(server.addresses(Transport.TCP))
                    .containsExactlyInAnyOrder(
                            new InetSocketAddress(FIRST, port),
                            new InetSocketAddress(FIRST, port + 1),
                            new InetSocketAddress(SECOND, port),
                            new InetSocketAddress(SECOND, port + 1));
        }
    }

    @Test
    void classicClientsAreAnsweredInTheirOwnWords() throws IOException {
        try (TurnServer _ = TurnServer.start(configuration(false));
                DatagramSocket client = socket()) {
            StunMessage request =
                    StunMessage.request(Method.BINDING, new TransactionId(1, 2, 3))
                            .with(CHANGE_REQUEST, new ChangeRequest(true, true))
                            .build();
            send(client, request, new InetSocketAddress(FIRST, port));

            DatagramPacket answer = receive(client);
            StunMessage message = decoded(answer);

            assertThat(message.transactionId()).isEqualTo(request.transactionId());
            assertThat(message.find(Attributes.MAPPED_ADDRESS))
                    .contains((InetSocketAddress) client.getLocalSocketAddress());
            assertThat(message.find(SOURCE_ADDRESS))
                    .contains((InetSocketAddress) answer.getSocketAddress())
                    .contains(new InetSocketAddress(SECOND, port + 1));
            assertThat(message.find(CHANGED_ADDRESS))
                    .contains(new InetSocketAddress(SECOND, port + 1));
        }
    }

    private Configuration configuration(boolean behindNat) {
        Configuration base =
                TestConfiguration.loopback()
                        .listeners(
                                new ListenerConfig(ListenerTransport.UDP, FIRST, port),
                                new ListenerConfig(ListenerTransport.TCP, FIRST, port))
                        .build();
        return new Configuration(
                base.realm(),
                base.listeners(),
                base.tls(),
                base.proxyProtocol(),
                base.httpBackend(),
                base.relay(),
                base.sockets(),
                base.authentication(),
                base.peers(),
                base.limits(),
                Optional.of(
                        new NatDiscoveryConfig(
                                SECOND,
                                port + 1,
                                Optional.of(PUBLIC_FIRST).filter(_ -> behindNat),
                                Optional.of(PUBLIC_SECOND).filter(_ -> behindNat),
                                1000,
                                1000)),
                base.redirect(),
                base.realms(),
                new CompatibilityConfig(false, true, false, false, false),
                base.admin(),
                base.log());
    }

    private StunMessage.Builder binding() {
        return StunMessage.request(Method.BINDING, TransactionId.random(random));
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(FIRST, 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(DatagramSocket socket, StunMessage message, InetSocketAddress to)
            throws IOException {
        socket.send(new DatagramPacket(message.toBytes(), message.length(), to));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        return packet;
    }

    private static StunMessage decoded(DatagramPacket packet) {
        return ((Decoded.Message)
                        StunDecoder.decode(
                                ByteBuffer.wrap(packet.getData(), 0, packet.getLength())))
                .message();
    }

    /// A port that is free, as is the next, below those that systems hand out: both addresses need
    /// the same, so the system cannot choose.
    private static int freePort() {
        RandomGenerator chance = RandomGenerator.getDefault();
        for (int i = 0; i < 1000; i++) {
            int first = chance.nextInt(20_000, 29_998);
            if (isFree(FIRST, first)
                    && isFree(FIRST, first + 1)
                    && isFree(SECOND, first)
                    && isFree(SECOND, first + 1)) {
                return first;
            }
        }
        throw new IllegalStateException("no free port");
    }

    private static boolean isFree(InetAddress address, int port) {
        try (DatagramSocket udp = new DatagramSocket(port, address);
                ServerSocket tcp = new ServerSocket(port, 1, address)) {
            return udp.isBound() && tcp.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
