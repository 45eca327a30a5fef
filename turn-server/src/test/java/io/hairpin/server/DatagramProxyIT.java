package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.TlsOptions;
import io.hairpin.client.Trust;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// UDP and DTLS clients that come by way of a proxy which says who they are.
class DatagramProxyIT {

    private static final TlsOptions UNVERIFIED = TlsOptions.of(Trust.anyServerInsecurely());
    private static final int CHANNEL = 0x4000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aClientIsKnownByItsOwnAddressAndRelaysThroughTheProxy(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").on(kind).start();
                DatagramProxy proxy = DatagramProxy.to(address(server));
                TurnClient client = TurnClient.udp(proxy.address())) {
            assertRelays(client);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void soIsOneThatSpeaksDtls(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").on(kind).start();
                DatagramProxy proxy = DatagramProxy.to(address(server));
                TurnClient client = TurnClient.dtls(proxy.address(), UNVERIFIED)) {
            assertRelays(client);
        }
    }

    @Test
    void whoHasAnAllocationNeedNotBeIntroducedAgain() throws Exception {
        int untilAllocated = 3; // Binding, Allocate, Allocate with credentials
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                DatagramProxy proxy = DatagramProxy.to(address(server), untilAllocated);
                TurnClient client = TurnClient.udp(proxy.address())) {
            assertRelays(client);
        }
    }

    @Test
    void twoClientsOfAProxyAreKeptApart() throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                DatagramProxy proxy = DatagramProxy.to(address(server));
                TurnClient one = TurnClient.udp(proxy.address());
                TurnClient other = TurnClient.udp(proxy.address())) {
            assertRelays(one);
            assertRelays(other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "10.0.0.0/8"})
    void nobodyElseIsBelieved(String range) throws Exception {
        try (TurnServer server = OnePort.plain().trusting(range).start();
                DatagramProxy proxy = DatagramProxy.to(address(server));
                TestPeer client = TestPeer.open(IPV4)) {
            client.send(new byte[20], proxy.address());

            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    Metrics.sum(
                                                    server,
                                                    "hairpin_dropped_packets_total",
                                                    "reason=\"untrusted_proxy\"")
                                            == 1);
        }
    }

    private static InetSocketAddress address(TurnServer server) {
        return Clients.address(server, Transport.UDP, IPV4);
    }

    /// The client's own address is what a nonce is bound to, and what Binding and Allocate tell it.
    private static void assertRelays(TurnClient client) throws IOException {
        try (TestPeer peer = TestPeer.open(IPV4)) {
            assertThat(client.bind()).isEqualTo(client.localAddress());
            client.with(USER, PASSWORD);
            Allocation allocation = client.allocate(AllocateOptions.udp());
            assertThat(allocation.mappedAddress()).isEqualTo(client.localAddress());
            client.channelBind(CHANNEL, peer.address());

            client.sendChannel(CHANNEL, new byte[] {1, 2, 3});
            assertThat(peer.receive()).containsExactly(1, 2, 3);
            peer.send(new byte[] {4, 5}, allocation.relayedAddress());
            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).containsExactly(4, 5);
        }
    }
}
