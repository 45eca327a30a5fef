package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.server.core.Transport;
import io.hairpin.server.net.NettyTransport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Data between a client and a peer that is a plain socket, by every way there is.
class RelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<Arguments> ways() {
        return Arrays.stream(NettyTransport.values())
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
            NettyTransport netty, Transport transport, AddressFamily family) throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build(), netty);
                TestPeer peer = TestPeer.open(family);
                TurnClient client = client(server, transport, family)) {
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

    static TurnClient client(TurnServer server, Transport transport, AddressFamily family) {
        List<InetSocketAddress> addresses = server.addresses(transport);
        InetSocketAddress address =
                addresses.stream()
                        .filter(each -> AddressFamily.of(each.getAddress()) == family)
                        .findFirst()
                        .orElseThrow();
        return switch (transport) {
            case UDP -> TurnClient.udp(address).with(USER, PASSWORD);
            case TCP -> TurnClient.tcp(address).with(USER, PASSWORD);
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
