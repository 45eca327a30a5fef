package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.server.core.Expected.releasePort;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.RelaySpec.PortChoice.Even;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.util.List;

/// EVEN-PORT (RFC 8656 §7.2 step 8): an even port, alone or with its successor kept free.
class EvenPortTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String RESERVED = "198.51.100.1:50001";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8656 §7.2 step 8")
    void anEvenPortAloneReservesNothing() {
        StunMessage request = alice.allocate(builder -> builder.with(EVEN_PORT, false));

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, new Even(false)));
        turn.relayOpens(1, RELAYED)
                .expect(
                        opened(1, alice, 600, RELAYED),
                        alice.success(request)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));

        assertThat(turn.reservations.held()).isZero();
    }

    @Test
    @Rfc("8656 §7.2 step 8")
    void theNextPortIsReservedAndAnsweredWithAToken() {
        StunMessage request = reserving();

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, new Even(true)));
        List<Effect> effects = turn.relayOpens(1, RELAYED, RESERVED).ignored();

        assertThat(effects).hasSize(2).first().isEqualTo(opened(1, alice, 600, RELAYED));
        StunMessage answer = ((Effect.Send) effects.getLast()).message();
        assertThat(answer.find(RESERVATION_TOKEN)).isPresent();
        assertThat(turn.reservations.held()).isEqualTo(1);
    }

    @Test
    void aReservationOnIpv6IsAsGood() {
        StunMessage request =
                alice.allocate(
                        builder ->
                                builder.with(EVEN_PORT, true)
                                        .with(REQUESTED_ADDRESS_FAMILY, IPV6.code()));

        turn.receives(alice, request).expect(openRelay(1, alice, IPV6, new Even(true)));
    }

    @Test
    @Rfc("8656 §7.2 step 8")
    void aReservationBesideAnAdditionalFamilyIsBad() {
        StunMessage request =
                alice.allocate(
                        builder ->
                                builder.with(EVEN_PORT, true).with(ADDITIONAL_ADDRESS_FAMILY, 2));

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §7.2 step 8")
    void evenPortsOfBothFamiliesMayBeAskedFor() {
        StunMessage request =
                alice.allocate(
                        builder ->
                                builder.with(EVEN_PORT, false).with(ADDITIONAL_ADDRESS_FAMILY, 2));

        turn.receives(alice, request)
                .expect(
                        openRelay(1, alice, IPV4, new Even(false)),
                        openRelay(1, alice, IPV6, new Even(false)));
    }

    @Test
    @Rfc("8656 §7.2 step 8")
    void withoutRoomForAReservationTheRequestIsRefused() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limit(Resource.RESERVATION, new Quotas(1, 1));
        TurnScript full = setting.start();
        ScriptClient bob = full.client("bob");
        ScriptClient carol = full.client("alice");
        full.receives(bob, reserving(bob)).ignored();
        full.relayOpens(1, RELAYED, RESERVED).ignored();
        StunMessage request = reserving(carol);

        full.receives(carol, request).expect(carol.error(request, INSUFFICIENT_CAPACITY));

        assertThat(full.quotas.held()).isEqualTo(1);
    }

    @Test
    void requestsThatOpenAtTheSameTimeDoNotExceedTheLimitOfReservations() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limit(Resource.RESERVATION, new Quotas(1, 1));
        TurnScript full = setting.start();
        ScriptClient bob = full.client("bob");
        ScriptClient carol = full.client("alice");
        StunMessage second = reserving(carol);

        full.receives(bob, reserving(bob)).expect(openRelay(1, bob, IPV4, new Even(true)));
        full.receives(carol, second).expect(carol.error(second, INSUFFICIENT_CAPACITY));
    }

    @Test
    void aPlaceForAReservationThatCouldNotBeOpenedIsFreeAgain() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limit(Resource.RESERVATION, new Quotas(1, 1));
        TurnScript full = setting.start();
        ScriptClient bob = full.client("bob");

        full.receives(bob, reserving(bob)).expect(openRelay(1, bob, IPV4, new Even(true)));
        full.relayFails(1, IPV4).ignored();
        full.receives(bob, reserving(bob)).expect(openRelay(2, bob, IPV4, new Even(true)));
    }

    @Test
    void aClientThatHangsUpTooEarlyLeavesNoReservation() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.receives(bob, reserving(bob)).ignored();
        turn.connectionCloses(bob).expect();

        turn.relayOpens(1, RELAYED, RESERVED).expect(closeRelay(1, IPV4), releasePort(RESERVED));

        assertThat(turn.reservations.held()).isZero();
        assertThat(turn.quotas.held()).isZero();
    }

    private StunMessage reserving() {
        return reserving(alice);
    }

    private static StunMessage reserving(ScriptClient client) {
        return client.allocate(builder -> builder.with(EVEN_PORT, true));
    }
}
