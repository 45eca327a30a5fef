package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.LOOPBACK_4;
import static io.hairpin.server.TestConfiguration.LOOPBACK_6;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.server.config.RelayAddress;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// Two clients of one server whose relays are behind a NAT, as is the rule in a cloud: their
/// packets turn on the spot, for no NAT here would bring them back. No peer is allowed besides.
class HairpinIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final InetAddress OUTSIDE_4 = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress OUTSIDE_6 = InetAddress.ofLiteral("2001:db8::7");

    private final TurnServer server =
            TurnServer.start(
                    TestConfiguration.loopback()
                            .relays(
                                    new RelayAddress(LOOPBACK_4, OUTSIDE_4),
                                    new RelayAddress(LOOPBACK_6, OUTSIDE_6))
                            .allowing()
                            .build());

    private TurnClient alice;
    private TurnClient bob;

    @BeforeEach
    void connect() {
        alice = Clients.of(server, Transport.UDP, IPV4);
        bob = Clients.of(server, Transport.TCP, IPV6);
    }

    @AfterEach
    void close() {
        alice.close();
        bob.close();
        server.close();
    }

    @Test
    void clientsReachEachOtherAtTheAdvertisedAddresses() {
        InetSocketAddress ofAlice = alice.allocate(AllocateOptions.udp()).relayedAddress();
        InetSocketAddress ofBob = bob.allocate(AllocateOptions.udp()).relayedAddress();
        assertThat(ofAlice.getAddress()).isEqualTo(OUTSIDE_4);
        assertThat(ofBob.getAddress()).isEqualTo(OUTSIDE_4);
        alice.createPermission(ofBob.getAddress());
        bob.channelBind(0x4001, ofAlice);

        alice.send(ofBob, bytes("hello bob"));
        Received atBob = bob.receive(PATIENCE).orElseThrow();
        assertThat(atBob.bytes()).isEqualTo(bytes("hello bob"));
        assertThat(atBob.channel()).hasValue(0x4001);

        bob.sendChannel(0x4001, bytes("hello alice"));
        Received atAlice = alice.receive(PATIENCE).orElseThrow();
        assertThat(atAlice.bytes()).isEqualTo(bytes("hello alice"));
        assertThat(atAlice.peer()).isEqualTo(ofBob);
    }

    @Test
    void bothFamiliesAreAdvertisedAtOnce() {
        List<InetSocketAddress> ofAlice =
                alice.allocate(AllocateOptions.udp().additionalFamily(IPV6)).relayedAddresses();
        List<InetSocketAddress> ofBob =
                bob.allocate(AllocateOptions.udp().additionalFamily(IPV6)).relayedAddresses();
        assertThat(ofAlice)
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(OUTSIDE_4, OUTSIDE_6);
        alice.createPermission(OUTSIDE_6);
        bob.createPermission(OUTSIDE_6);

        alice.send(ofBob.getLast(), bytes("over six"));

        Received atBob = bob.receive(PATIENCE).orElseThrow();
        assertThat(atBob.bytes()).isEqualTo(bytes("over six"));
        assertThat(atBob.peer()).isEqualTo(ofAlice.getLast());
    }

    @Test
    void nothingPassesToARelayThatHasClosed() {
        InetSocketAddress ofBob = bob.allocate(AllocateOptions.udp()).relayedAddress();
        alice.allocate(AllocateOptions.udp());
        alice.createPermission(ofBob.getAddress());
        bob.refresh(Duration.ZERO);

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> alice.channelBind(0x4000, ofBob))
                .matches(refused -> refused.error().is(ErrorCode.FORBIDDEN));
    }

    @Test
    void theAddressBehindTheNatIsNoPeer() {
        alice.allocate(AllocateOptions.udp());

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> alice.createPermission(LOOPBACK_4))
                .matches(refused -> refused.error().is(ErrorCode.FORBIDDEN));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
