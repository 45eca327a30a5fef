package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.ErrorCode.ALLOCATION_QUOTA_REACHED;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 8656 §7.2 step 10: how many allocations there may be, and that each is given back once.
class QuotaTest {

    private static final String RELAYED = "198.51.100.1:50000";

    @Test
    @Rfc({"8656 §5", "8656 §7.2 step 10"})
    void aUserPastTheQuotaIsTold() {
        TurnScript turn = quotas(10, 1);
        ScriptClient first = turn.client("alice");
        ScriptClient second = turn.client("alice");
        ScriptClient bob = turn.client("bob");
        turn.allocated(first, 1, RELAYED);
        StunMessage refused = second.allocate();

        turn.receives(second, refused).expect(second.error(refused, ALLOCATION_QUOTA_REACHED));
        turn.receives(bob, bob.allocate()).expect(openRelay(2, bob, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8656 §7.2 step 10")
    void aRelayStillOpeningCounts() {
        TurnScript turn = quotas(10, 1);
        ScriptClient first = turn.client("alice");
        ScriptClient second = turn.client("alice");
        turn.receives(first, first.allocate()).ignored();
        StunMessage refused = second.allocate();

        turn.receives(second, refused).expect(second.error(refused, ALLOCATION_QUOTA_REACHED));
    }

    @Test
    void aFullServerHasNoCapacity() {
        TurnScript turn = quotas(1, 10);
        ScriptClient alice = turn.client("alice");
        ScriptClient bob = turn.client("bob");
        turn.allocated(alice, 1, RELAYED);
        StunMessage refused = bob.allocate();

        turn.receives(bob, refused).expect(bob.error(refused, INSUFFICIENT_CAPACITY));
        turn.receives(alice, alice.refresh(0)).ignored();
        turn.receives(bob, bob.allocate()).expect(openRelay(2, bob, IPV4, ANY_PORT));
    }

    @Test
    void theQuotaIsOfTheUserWhateverTheTimeInTheName() {
        TurnScript turn = quotas(10, 1);
        ScriptClient today = guest(turn, Duration.ofHours(1));
        ScriptClient tomorrow = guest(turn, Duration.ofHours(2));
        turn.allocated(today, 1, RELAYED);
        StunMessage refused = tomorrow.allocate();

        turn.receives(tomorrow, refused).expect(tomorrow.error(refused, ALLOCATION_QUOTA_REACHED));
    }

    @Test
    void aTimeWithoutAUserIsAnOwnerOfItsOwn() {
        TurnScript turn = quotas(10, 1);
        ScriptClient today = guest(turn, "", Duration.ofHours(1));
        ScriptClient again = guest(turn, "", Duration.ofHours(1));
        ScriptClient tomorrow = guest(turn, "", Duration.ofHours(2));
        turn.allocated(today, 1, RELAYED);
        StunMessage refused = again.allocate();

        turn.receives(again, refused).expect(again.error(refused, ALLOCATION_QUOTA_REACHED));
        turn.receives(tomorrow, tomorrow.allocate()).expect(openRelay(2, tomorrow, IPV4, ANY_PORT));
    }

    @Test
    void aRefusalTakesNothing() {
        TurnScript turn = quotas(10, 1);
        ScriptClient first = turn.client("alice");
        ScriptClient second = turn.client("alice");
        turn.allocated(first, 1, RELAYED);
        for (int i = 0; i < 5; i++) {
            turn.receives(second, second.allocate()).ignored();
        }
        turn.receives(first, first.refresh(0)).ignored();

        assertThat(turn.quotas.held()).isZero();
        turn.receives(second, second.allocate()).expect(openRelay(2, second, IPV4, ANY_PORT));
    }

    @Test
    void isGivenBackOnEveryWayThatAnAllocationEnds() {
        TurnScript turn = quotas(1, 1);
        ScriptClient alice = turn.tcpClient("alice");

        turn.allocated(alice, 1, RELAYED);
        turn.receives(alice, alice.refresh(0)).ignored();
        assertThat(turn.quotas.held()).as("deleted").isZero();

        turn.allocated(alice, 2, RELAYED);
        turn.passes(Duration.ofMinutes(10)).ignored();
        assertThat(turn.quotas.held()).as("expired").isZero();

        turn.allocated(alice, 3, RELAYED);
        turn.connectionCloses(alice).ignored();
        assertThat(turn.quotas.held()).as("closed").isZero();

        turn.allocatedBoth(alice, 4, RELAYED, "[2001:db8::1]:50000");
        turn.receives(alice, alice.refresh(0)).ignored();
        assertThat(turn.quotas.held()).as("both deleted").isZero();

        turn.allocated(alice, 5, RELAYED);
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    void isGivenBackOnEveryWayThatAnAllocationFailsToBegin() {
        TurnScript turn = quotas(1, 1);
        ScriptClient alice = turn.tcpClient("alice");

        turn.receives(alice, alice.allocate()).ignored();
        turn.relayFails(1, IPV4).ignored();
        assertThat(turn.quotas.held()).as("failed").isZero();

        turn.receives(alice, alice.allocateBoth()).ignored();
        turn.relayFails(2, IPV6).ignored();
        turn.relayFails(2, IPV4).ignored();
        assertThat(turn.quotas.held()).as("both failed").isZero();

        turn.receives(alice, alice.allocate()).ignored();
        turn.connectionCloses(alice).ignored();
        turn.relayOpens(3, RELAYED).ignored();
        assertThat(turn.quotas.held()).as("abandoned, opened").isZero();

        turn.receives(alice, alice.allocateBoth()).ignored();
        turn.connectionCloses(alice).ignored();
        turn.relayFails(4, IPV4).ignored();
        turn.relayOpens(4, "[2001:db8::1]:50000").ignored();
        assertThat(turn.quotas.held()).as("abandoned, half failed").isZero();

        turn.receives(alice, alice.allocate(builder -> builder.with(RESERVATION_TOKEN, 42L)))
                .ignored();
        assertThat(turn.quotas.held()).as("no such reservation").isZero();
    }

    @Test
    void coresThatShareQuotasCountTogether() {
        TurnScript one = quotas(10, 1);
        TurnScript.Setting setting = TurnScript.setting();
        setting.quotas = one.quotas;
        TurnScript two = setting.start();
        ScriptClient here = one.client("alice");
        ScriptClient there = two.client("alice");
        one.allocated(here, 1, RELAYED);
        StunMessage refused = there.allocate();

        two.receives(there, refused).expect(there.error(refused, ALLOCATION_QUOTA_REACHED));
        one.receives(here, here.refresh(0)).ignored();
        two.receives(there, there.allocate()).expect(openRelay(1, there, IPV4, ANY_PORT));
    }

    private static TurnScript quotas(int server, int user) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.quotas = new Quotas(server, user);
        return setting.start();
    }

    private static ScriptClient guest(TurnScript turn, Duration validity) {
        return guest(turn, "guest", validity);
    }

    private static ScriptClient guest(TurnScript turn, String user, Duration validity) {
        TurnRestCredential credential =
                TurnRestCredential.mint(TurnScript.SECRET, user, turn.instant().plus(validity));
        return turn.client(credential.username(), credential.password());
    }
}
