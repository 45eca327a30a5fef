package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.openTcpRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.DONT_FRAGMENT;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.function.UnaryOperator;

/// RFC 6062 §5.1: allocations of TCP.
class TcpAllocateTest {

    private static final String RELAYED = "198.51.100.1:50000";

    private final TurnScript turn = TurnScript.setting().withTcp(new PeerConnections(), 10).start();
    private final ScriptClient alice = turn.tcpClient("alice");

    @Test
    @Rfc("6062 §5.1")
    void aTcpRelayIsOpenedAndAnsweredLikeOneOfUdp() {
        StunMessage request = alice.allocateTcp();

        turn.receives(alice, request).expect(openTcpRelay(1, alice, IPV4));
        turn.relayOpens(1, RELAYED)
                .expect(
                        opened(1, alice, 600, RELAYED),
                        alice.success(request)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
        assertThat(turn.allocation(1).transport()).isEqualTo(RelayTransport.TCP);
    }

    @Test
    @Rfc("6062 §5.1 step 1")
    void udpIsStillServed() {
        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("6062 §5.1 step 1")
    void whereItIsOffTcpIsNotSupported() {
        TurnScript off = TurnScript.start();
        ScriptClient bob = off.tcpClient("bob");
        StunMessage request = bob.allocateTcp();

        off.receives(bob, request).expect(bob.error(request, UNSUPPORTED_TRANSPORT_PROTOCOL));
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "DTLS"})
    @Rfc("6062 §5.1 step 2")
    void aClientThatSendsDatagramsCannotHaveOne(Transport transport) {
        ScriptClient bob = turn.client("bob", transport);
        StunMessage request = bob.allocateTcp();

        turn.receives(bob, request).expect(bob.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("6062 §5.1 step 2")
    void aClientOverTlsCanHaveOne() {
        ScriptClient bob = turn.client("bob", Transport.TLS);

        turn.receives(bob, bob.allocateTcp()).expect(openTcpRelay(1, bob, IPV4));
    }

    @Test
    @Rfc("6062 §5.1 step 3")
    void whatMeansNothingToTcpIsBad() {
        List<UnaryOperator<StunMessage.Builder>> unfit =
                List.of(
                        builder -> builder.with(DONT_FRAGMENT, Present.PRESENT),
                        builder -> builder.with(EVEN_PORT, false),
                        builder -> builder.with(EVEN_PORT, true),
                        builder -> builder.with(RESERVATION_TOKEN, 1L));
        for (UnaryOperator<StunMessage.Builder> more : unfit) {
            StunMessage request = alice.allocateTcp(more);

            turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
        }
        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    void theFamilyIsChosenAsForUdp() {
        turn.receives(
                        alice,
                        alice.allocateTcp(
                                builder -> builder.with(REQUESTED_ADDRESS_FAMILY, IPV6.code())))
                .expect(openTcpRelay(1, alice, IPV6));
    }

    @Test
    void thereMayBeARelayOfEachFamily() {
        turn.receives(
                        alice,
                        alice.allocateTcp(
                                builder -> builder.with(ADDITIONAL_ADDRESS_FAMILY, IPV6.code())))
                .expect(openTcpRelay(1, alice, IPV4), openTcpRelay(1, alice, IPV6));
    }

    @Test
    void aChannelCannotBeBoundOnIt() {
        turn.allocatedTcp(alice, 1, RELAYED);
        StunMessage request = alice.channelBind(0x4000, "8.8.8.9:5000");

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    void permissionsGoByThePolicyForTcp() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.allow = List.of(Cidr.of("10.1.0.0/16"));
        setting.tcpAllow = List.of(Cidr.of("10.2.0.0/16"));
        TurnScript strict = setting.withTcp(new PeerConnections(), 1).start();
        ScriptClient bob = strict.tcpClient("bob");
        strict.allocatedTcp(bob, 1, RELAYED);
        StunMessage forUdp = bob.createPermission("10.1.0.1:1");
        StunMessage forTcp = bob.createPermission("10.2.0.1:1");

        strict.receives(bob, forUdp).expect(bob.error(forUdp, FORBIDDEN));
        strict.receives(bob, forTcp).expect(bob.success(forTcp));
    }

    @Test
    void itEndsWithItsControlConnection() {
        turn.allocatedTcp(alice, 1, RELAYED);

        turn.connectionCloses(alice)
                .expect(closeRelay(1, IPV4), closed(1, alice, CloseReason.CLIENT_CLOSED));
    }
}
