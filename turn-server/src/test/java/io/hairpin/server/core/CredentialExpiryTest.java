package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.Expiry;
import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/// What the end of a TURN REST credential ends, by policy.
class CredentialExpiryTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final Duration VALIDITY = Duration.ofMinutes(25);
    private static final Duration AFTER = VALIDITY.plusSeconds(1);

    @ParameterizedTest
    @EnumSource(Expiry.class)
    void nothingNewBeginsWhateverThePolicy(Expiry expiry) {
        TurnScript turn = script(expiry);
        ScriptClient guest = guest(turn);
        turn.waits(VALIDITY);
        StunMessage allocate = guest.allocate();

        turn.receives(guest, allocate).expect(guest.challenge(allocate, UNAUTHENTICATED));
        assertThat(turn.quotas.held()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Expiry.class)
    void aFixedUserDoesNotExpire(Expiry expiry) {
        TurnScript turn = script(expiry);
        ScriptClient alice = turn.client("alice");
        turn.waits(Duration.ofDays(20));
        StunMessage allocate = turn.introduced(alice).allocate();

        turn.receives(alice, allocate).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    void anAllocationGoesOnForAsLongAsItIsRefreshed() {
        TurnScript turn = script(Expiry.ALLOCATE);
        ScriptClient guest = allocatedFor(turn, 1800);
        turn.waits(AFTER);

        StunMessage refresh = guest.refresh(1800);
        turn.receives(guest, refresh).expect(guest.success(refresh).with(LIFETIME, 1800L));
        StunMessage permission = guest.createPermission("8.8.8.8:53");
        turn.receives(guest, permission).expect(guest.success(permission));
    }

    @Test
    void anAllocationEndsWithTheLifetimeItHas() {
        TurnScript turn = script(Expiry.REFRESH);
        ScriptClient guest = allocatedFor(turn, 1800);
        turn.waits(AFTER);

        StunMessage refresh = guest.refresh(1800);
        turn.receives(guest, refresh).expect(guest.challenge(refresh, UNAUTHENTICATED));
        StunMessage permission = guest.createPermission("8.8.8.8:53");
        turn.receives(guest, permission).expect(guest.success(permission));
        turn.passes(Duration.ofMinutes(30).minus(AFTER))
                .expect(closeRelay(1, IPV4), closed(1, guest, CloseReason.EXPIRED));
    }

    @ParameterizedTest
    @EnumSource(
            value = Expiry.class,
            names = {"ALLOCATE", "REFRESH"})
    void whoLeavesCanGiveTheAllocationBack(Expiry expiry) {
        TurnScript turn = script(expiry);
        ScriptClient guest = allocatedFor(turn, 1800);
        turn.waits(AFTER);

        StunMessage delete = guest.refresh(0);
        turn.receives(guest, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, guest, CloseReason.DELETED),
                        guest.success(delete).with(LIFETIME, 0L));
    }

    @Test
    void noAllocationOutlivesItsCredential() {
        TurnScript turn = script(Expiry.HARD_STOP);
        ScriptClient guest = guest(turn);
        turn.waits(Duration.ofMinutes(5));
        StunMessage allocate =
                guest.allocate(request -> request.with(LIFETIME, Duration.ofHours(1).toSeconds()));
        turn.receives(guest, allocate).expect(openRelay(1, guest, IPV4, ANY_PORT));
        turn.waits(Duration.ofSeconds(2)); // while the relay opens

        turn.relayOpens(1, RELAYED)
                .expect(
                        opened(1, guest, 20 * 60 - 2, RELAYED),
                        guest.success(allocate)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 20 * 60 - 2L)
                                .with(XOR_MAPPED_ADDRESS, guest.tuple().client()));
        turn.waits(Duration.ofMinutes(10));
        StunMessage refresh = guest.refresh(3600);
        turn.receives(guest, refresh).expect(guest.success(refresh).with(LIFETIME, 10 * 60 - 2L));
        turn.passes(Duration.ofMinutes(10).minusSeconds(2))
                .expect(closeRelay(1, IPV4), closed(1, guest, CloseReason.EXPIRED));
        StunMessage permission = guest.createPermission("8.8.8.8:53");
        turn.waits(Duration.ofSeconds(2));
        turn.receives(guest, permission).expect(guest.challenge(permission, UNAUTHENTICATED));
    }

    @Test
    void aRetransmissionAfterTheEndGetsTheSameAnswer() {
        TurnScript turn = script(Expiry.REFRESH);
        ScriptClient guest = guest(turn);
        turn.waits(VALIDITY.minusSeconds(1));
        StunMessage allocate = guest.allocate();
        turn.receives(guest, allocate).ignored();
        turn.relayOpens(1, RELAYED).ignored();
        turn.waits(Duration.ofSeconds(2));

        turn.receives(guest, allocate)
                .expect(
                        guest.success(allocate)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 598L)
                                .with(XOR_MAPPED_ADDRESS, guest.tuple().client()));
    }

    private static ScriptClient allocatedFor(TurnScript turn, long seconds) {
        ScriptClient guest = guest(turn);
        turn.receives(guest, guest.allocate(request -> request.with(LIFETIME, seconds))).ignored();
        turn.relayOpens(1, RELAYED).ignored();
        return guest;
    }

    private static ScriptClient guest(TurnScript turn) {
        TurnRestCredential credential =
                TurnRestCredential.mint(TurnScript.SECRET, "guest", turn.instant().plus(VALIDITY));
        return turn.client(credential.username(), credential.password());
    }

    private static TurnScript script(Expiry expiry) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.expiry = expiry;
        return setting.start();
    }
}
