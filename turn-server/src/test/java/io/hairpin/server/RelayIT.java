package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Data between a client and a peer that is a plain socket, by every way there is.
class RelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<Arguments> ways() {
        return Arrays.stream(SocketKind.values())
                .flatMap(
                        netty ->
                                Arrays.stream(Transport.values())
                                        .flatMap(
                                                transport ->
                                                        Arrays.stream(AddressFamily.values())
                                                                .map(
                                                                        family ->
                                                                                Arguments.of(
                                                                                        netty,
                                                                                        transport,
                                                                                        family))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void dataPassesBothWaysInIndicationsAndOnAChannel(
            SocketKind netty, Transport transport, AddressFamily family) throws Exception {
        try (TurnServer server = OnePort.plain().on(netty).start();
                TestPeer peer = TestPeer.open(family);
                TurnClient client = Clients.of(server, transport, family)) {
            InetSocketAddress relayed =
                    client.allocate(AllocateOptions.udp().family(family)).relayedAddress();
            client.createPermission(peer.address().getAddress());

            client.send(peer.address(), bytes("by indication"));
            assertThat(peer.receive()).isEqualTo(bytes("by indication"));
            assertThat(peer.lastSender()).isEqualTo(relayed);
            peer.send(bytes("back"), relayed);
            Received back = client.receive(PATIENCE).orElseThrow();
            assertThat(back.bytes()).isEqualTo(bytes("back"));
            assertThat(back.peer()).isEqualTo(peer.address());
            assertThat(back.channel()).isEmpty();

            client.channelBind(0x4000, peer.address());
            client.sendChannel(0x4000, bytes("by channel"));
            assertThat(peer.receive()).isEqualTo(bytes("by channel"));
            peer.send(bytes("odd"), relayed);
            Received onChannel = client.receive(PATIENCE).orElseThrow();
            assertThat(onChannel.bytes()).isEqualTo(bytes("odd"));
            assertThat(onChannel.channel()).hasValue(0x4000);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatTheClientNeverPermittedDoesNotReachIt(Transport transport) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                TestPeer stranger = TestPeer.open(InetAddress.ofLiteral("127.0.0.2"));
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, transport, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.createPermission(peer.address().getAddress());

            stranger.send(bytes("unasked"), relayed);
            peer.send(bytes("asked"), relayed);

            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).isEqualTo(bytes("asked"));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theLargestDatagramsPassWhole(Transport transport) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, transport, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(0x4000, peer.address());
            // What a record of DTLS, or UDP over IPv4, can carry, less a header.
            byte[] largest = new byte[(transport == Transport.DTLS ? 1 << 14 : 65_507) - 4];
            new Random(1).nextBytes(largest);

            client.sendChannel(0x4000, largest);
            assertThat(peer.receive()).isEqualTo(largest);
            peer.send(largest, relayed);
            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).isEqualTo(largest);
        }
    }

    @Test
    void anEmptyDatagramFromAPeerReachesTheClient() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.createPermission(peer.address().getAddress());

            peer.send(new byte[0], relayed);

            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).isEmpty();
        }
    }

    @Test
    void manyClientsOnManyShardsAllGetTheirOwnData() throws Exception {
        int clients = 20;
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().threads(4).build());
                TestPeer peer = TestPeer.open(IPV4)) {
            List<TurnClient> open = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Transport transport = i % 2 == 0 ? Transport.UDP : Transport.TCP;
                TurnClient client = Clients.of(server, transport, IPV4);
                open.add(client);
                client.allocate(AllocateOptions.udp());
                client.channelBind(0x4000 + i, peer.address());
                client.sendChannel(0x4000 + i, bytes("hello of " + i));

                assertThat(peer.receive()).isEqualTo(bytes("hello of " + i));
                peer.send(bytes("hello to " + i), peer.lastSender());
            }
            for (int i = 0; i < clients; i++) {
                Received received = open.get(i).receive(PATIENCE).orElseThrow();
                assertThat(received.bytes()).isEqualTo(bytes("hello to " + i));
                assertThat(received.channel()).hasValue(0x4000 + i);
                open.get(i).close();
            }
        }
    }

    @Test
    void oneAllocationWithBothFamiliesReachesPeersOfBoth() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TestPeer peer4 = TestPeer.open(IPV4);
                TestPeer peer6 = TestPeer.open(IPV6);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            List<InetSocketAddress> relayed =
                    client.allocate(AllocateOptions.udp().additionalFamily(IPV6))
                            .relayedAddresses();
            assertThat(relayed)
                    .extracting(each -> AddressFamily.of(each.getAddress()))
                    .containsExactly(IPV4, IPV6);
            client.createPermission(peer4.address().getAddress(), peer6.address().getAddress());

            client.send(peer4.address(), bytes("four"));
            client.send(peer6.address(), bytes("six"));

            assertThat(peer4.receive()).isEqualTo(bytes("four"));
            assertThat(peer4.lastSender()).isEqualTo(relayed.getFirst());
            assertThat(peer6.receive()).isEqualTo(bytes("six"));
            assertThat(peer6.lastSender()).isEqualTo(relayed.getLast());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
