package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.server.core.Expected.releasePort;
import static io.hairpin.stun.AddressFamily.IPV4;
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

import io.hairpin.server.core.RelaySpec.PortChoice.Reserved;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// RESERVATION-TOKEN (RFC 8656 §7.2 step 5): claiming the port kept free, or letting it go.
class ReservationTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String RESERVED = "198.51.100.1:50001";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");
    private final ScriptClient other = turn.tcpClient("alice");

    @Test
    @Rfc("8656 §7.2 step 5")
    void aTokenGivesTheReservedAddressToAnyFiveTupleOfTheUser() {
        long token = reserve();
        StunMessage claim = claim(other, token);

        turn.receives(other, claim)
                .expect(openRelay(2, other, IPV4, new Reserved(TestAddresses.of(RESERVED))));
        turn.relayOpens(2, RESERVED)
                .expect(
                        opened(2, other, 600, RESERVED),
                        other.success(claim)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RESERVED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, other.tuple().client()));

        assertThat(turn.reservations.held()).isZero();
        turn.passes(Duration.ofSeconds(31)).expect();
    }

    @Test
    @Rfc("8656 §7.2 step 5")
    void aTokenIsGoodOnce() {
        long token = reserve();
        turn.receives(other, claim(other, token)).ignored();
        ScriptClient third = turn.client("alice");
        StunMessage again = claim(third, token);

        turn.receives(third, again).expect(third.error(again, INSUFFICIENT_CAPACITY));

        assertThat(turn.quotas.held()).isEqualTo(2);
    }

    @Test
    @Rfc("8656 §7.2 step 5")
    void aTokenNobodyWasGivenIsRefused() {
        StunMessage claim = claim(other, 42);

        turn.receives(other, claim).expect(other.error(claim, INSUFFICIENT_CAPACITY));

        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    void aTokenIsNoUseToAnotherUser() {
        long token = reserve();
        ScriptClient bob = turn.client("bob");
        StunMessage theft = claim(bob, token);

        turn.receives(bob, theft).expect(bob.error(theft, INSUFFICIENT_CAPACITY));

        assertThat(turn.reservations.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8656 §7.2 step 5")
    void aTokenBesideAnotherChoiceOfPortIsBad() {
        long token = reserve();

        refuses(token, builder -> builder.with(EVEN_PORT, false));
        refuses(token, builder -> builder.with(EVEN_PORT, true));
        refuses(token, builder -> builder.with(REQUESTED_ADDRESS_FAMILY, IPV4.code()));
        refuses(token, builder -> builder.with(ADDITIONAL_ADDRESS_FAMILY, 2));
        assertThat(turn.reservations.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8656 §7.2 step 8")
    void aReservationIsHeldForThirtySecondsAndNoLonger() {
        long token = reserve();

        turn.passes(Duration.ofSeconds(30).minusNanos(1)).expect();
        assertThat(turn.reservations.held()).isEqualTo(1);
        turn.passes(Duration.ofNanos(1)).expect(releasePort(RESERVED));

        StunMessage late = claim(other, token);
        turn.receives(other, late).expect(other.error(late, INSUFFICIENT_CAPACITY));
        assertThat(turn.reservations.held()).isZero();
    }

    @Test
    void aClaimThatComesTooLateMeetsTheExpiryFirst() {
        long token = reserve();
        turn.waits(Duration.ofSeconds(30));
        StunMessage late = claim(other, token);

        turn.receives(other, late)
                .expect(releasePort(RESERVED), other.error(late, INSUFFICIENT_CAPACITY));
    }

    @Test
    void aReservedPortThatCannotBeOpenedIsGone() {
        long token = reserve();
        StunMessage claim = claim(other, token);
        turn.receives(other, claim).ignored();

        turn.relayFails(2, IPV4).expect(other.error(claim, INSUFFICIENT_CAPACITY));

        assertThat(turn.reservations.held()).isZero();
        assertThat(turn.quotas.held()).isEqualTo(1);
        turn.passes(Duration.ofSeconds(31)).expect();
    }

    @Test
    void aReservationOutlivesTheAllocationThatMadeIt() {
        long token = reserve();
        StunMessage delete = alice.refresh(0);
        turn.receives(alice, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.DELETED),
                        alice.success(delete).with(LIFETIME, 0L));

        turn.receives(other, claim(other, token))
                .expect(openRelay(2, other, IPV4, new Reserved(TestAddresses.of(RESERVED))));
    }

    @Test
    void coresThatShareReservationsHonourEachOthersTokens() {
        long token = reserve();
        TurnScript.Setting setting = TurnScript.setting();
        setting.reservations = turn.reservations;
        TurnScript shard = setting.start();
        ScriptClient there = shard.client("alice");

        shard.receives(there, claim(there, token))
                .expect(openRelay(1, there, IPV4, new Reserved(TestAddresses.of(RESERVED))));
        turn.passes(Duration.ofSeconds(31)).expect();
    }

    private void refuses(long token, UnaryOperator<StunMessage.Builder> beside) {
        StunMessage request =
                other.allocate(builder -> beside.apply(builder.with(RESERVATION_TOKEN, token)));
        turn.receives(other, request).expect(other.error(request, BAD_REQUEST));
    }

    private long reserve() {
        turn.receives(alice, alice.allocate(builder -> builder.with(EVEN_PORT, true))).ignored();
        Effect.Send answer =
                (Effect.Send) turn.relayOpens(1, RELAYED, RESERVED).ignored().getLast();
        return answer.message().find(RESERVATION_TOKEN).orElseThrow();
    }

    private static StunMessage claim(ScriptClient client, long token) {
        return client.allocate(builder -> builder.with(RESERVATION_TOKEN, token));
    }
}
