package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.LOOPBACK_4;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Whom clients may reach, and that this server itself is never among them.
class PeersIT {

    /// An address of this machine that no relay is on.
    private static final InetAddress OTHER_LOOPBACK = InetAddress.ofLiteral("127.0.0.2");

    @Test
    void loopbackIsDeniedUnlessAllowed() {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().allowing().build());
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            client.allocate(AllocateOptions.udp());

            assertForbidden(() -> client.createPermission(OTHER_LOOPBACK));
            assertForbidden(
                    () -> client.channelBind(0x4000, new InetSocketAddress(OTHER_LOOPBACK, 9999)));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void ownListenersAreNoPeersEvenOnAnAllowedAddress(Transport transport) {
        try (TurnServer server = OnePort.plain().start();
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            client.allocate(AllocateOptions.udp());
            InetSocketAddress listener = Clients.address(server, transport, IPV4);

            assertForbidden(() -> client.channelBind(0x4000, listener));
        }
    }

    @Test
    void theAdminEndpointIsNoPeer() {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            client.allocate(AllocateOptions.udp());

            assertForbidden(() -> client.channelBind(0x4000, server.adminAddress()));
        }
    }

    @Test
    void aSendIndicationToAnOwnListenerIsDropped() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            client.allocate(AllocateOptions.udp());
            client.createPermission(LOOPBACK_4);

            client.send(
                    Clients.address(server, Transport.UDP, IPV4), "to yourself".getBytes(UTF_8));
            client.send(peer.address(), "to a peer".getBytes(UTF_8));

            assertThat(peer.receive()).isEqualTo("to a peer".getBytes(UTF_8));
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_dropped_packets_total",
                                    "reason=\"peer_denied\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void aListenerOnAWildcardIsNoPeerOnAnyAddressOfThisMachine() {
        try (TurnServer server =
                        TurnServer.start(
                                TestConfiguration.loopback()
                                        .listeners(TestConfiguration.udp("0.0.0.0"))
                                        .build());
                TurnClient client =
                        TurnClient.udp(
                                        new InetSocketAddress(
                                                LOOPBACK_4,
                                                server.addresses(Transport.UDP)
                                                        .getFirst()
                                                        .getPort()))
                                .with(TestConfiguration.USER, TestConfiguration.PASSWORD)) {
            client.allocate(AllocateOptions.udp());
            int port = server.addresses(Transport.UDP).getFirst().getPort();

            assertForbidden(
                    () -> client.channelBind(0x4000, new InetSocketAddress(OTHER_LOOPBACK, port)));
        }
    }

    private static void assertForbidden(Runnable request) {
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(request::run)
                .matches(refused -> refused.error().is(ErrorCode.FORBIDDEN));
    }
}
