package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/// RFC 8656 §8.2.
class RefreshTest {

    private static final String RELAYED = "198.51.100.1:50000";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @ParameterizedTest
    @CsvSource({"1, 600", "600, 600", "601, 601", "3600, 3600", "3601, 3600", "4294967295, 3600"})
    @Rfc("8656 §8.2")
    void theLifetimeIsWhatWasAskedForWithinTheServersBounds(long asked, long granted) {
        turn.allocated(alice, 1, RELAYED);
        turn.waits(Duration.ofSeconds(100));
        StunMessage refresh = alice.refresh(asked);

        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, granted));

        turn.passes(Duration.ofSeconds(granted).minusNanos(1)).expect();
        turn.passes(Duration.ofNanos(1))
                .expect(closeRelay(1, IPV4), closed(1, alice, CloseReason.EXPIRED));
    }

    @Test
    @Rfc("8656 §8.2")
    void withoutALifetimeTheDefaultIsGranted() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage refresh = alice.request(REFRESH, builder -> builder);

        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 600L));
    }

    @Test
    @Rfc("8656 §8.2")
    void aLifetimeOfZeroDeletesTheAllocation() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage delete = alice.refresh(0);

        turn.receives(alice, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.DELETED),
                        alice.success(delete).with(LIFETIME, 0L));

        assertThat(turn.exists(1)).isFalse();
        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @Rfc("8656 §8.2")
    void aRefreshMayShortenTheLifetime() {
        turn.allocated(alice, 1, RELAYED);
        turn.receives(alice, alice.refresh(3600)).ignored();
        turn.receives(alice, alice.refresh(600)).ignored();

        turn.passes(Duration.ofMinutes(10))
                .expect(closeRelay(1, IPV4), closed(1, alice, CloseReason.EXPIRED));
    }

    @Test
    @Rfc("8656 §5")
    void withoutAnAllocationItIsAMismatch() {
        StunMessage refresh = alice.refresh(600);

        turn.receives(alice, refresh).expect(alice.error(refresh, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §5")
    void whileTheRelayIsOpeningThereIsNoAllocationYet() {
        turn.receives(alice, alice.allocate()).ignored();
        StunMessage refresh = alice.refresh(600);

        turn.receives(alice, refresh).expect(alice.error(refresh, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §5")
    void anAllocationWhoseTimeHasComeIsGoneBeforeTheRequestIsLookedAt() {
        turn.allocated(alice, 1, RELAYED);
        turn.waits(Duration.ofMinutes(10));
        StunMessage refresh = alice.refresh(600);

        turn.receives(alice, refresh)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.EXPIRED),
                        alice.error(refresh, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §5")
    void anotherUsersRefreshHasTheWrongCredentials() {
        turn.allocated(alice, 1, RELAYED);
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage delete = bob.refresh(0);

        turn.receivesOn(alice, bob, delete).expect(bob.error(delete, WRONG_CREDENTIALS));

        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    @Rfc("8656 §8.2")
    void aFamilyTheAllocationHasNotIsAMismatch() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage refresh =
                alice.request(
                        REFRESH,
                        builder ->
                                builder.with(LIFETIME, 0L)
                                        .with(REQUESTED_ADDRESS_FAMILY, IPV6.code()));

        turn.receives(alice, refresh).expect(alice.error(refresh, PEER_ADDRESS_FAMILY_MISMATCH));

        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    void aMalformedLifetimeIsBadRatherThanTheDefault() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage refresh =
                alice.request(
                        REFRESH,
                        builder -> builder.with(TestAttributes.raw(LIFETIME), new byte[3]));

        turn.receives(alice, refresh).expect(alice.error(refresh, BAD_REQUEST));
    }
}
