package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.ErrorCode.ALLOCATION_QUOTA_REACHED;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How many allocations there may be of one source, and that each is given back once, with what its
/// user has of the bandwidth.
class SourceLimitTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final Bandwidth RATE = new Bandwidth(1000, Duration.ofSeconds(1));

    private final SourceQuotas sources = new SourceQuotas(1, 10, List.of());
    private final SharedLimits limits =
            new SharedLimits(
                    ByResource.of(_ -> SourceQuotas.NONE).with(Resource.ALLOCATION, sources),
                    new SharedBandwidth(new BandwidthLimits(RATE, RATE, RATE)),
                    new Refusals());
    private final TurnScript turn = turn();

    private TurnScript turn() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limits = limits;
        setting.quotas = new Quotas(1, 1);
        setting.limit(Resource.RESERVATION, new Quotas(0, 1));
        setting.mobility = new Mobility(0, new TestSeal(), 1);
        return setting.start();
    }

    @Test
    void whoComesFromAFullSourceIsTold() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limits = limits;
        TurnScript roomy = setting.start();
        ScriptClient alice = roomy.client("alice");
        ScriptClient bob = roomy.client("bob");
        roomy.allocated(alice, 1, RELAYED);
        StunMessage refused = bob.allocate();

        roomy.receives(bob, refused).expect(bob.error(refused, ALLOCATION_QUOTA_REACHED));
        assertThat(limits.refusals().of(Limit.ALLOCATIONS_PER_ADDRESS)).isEqualTo(1);
        assertThat(roomy.quotas.held()).isEqualTo(1);
        roomy.receives(alice, alice.refresh(0)).ignored();
        roomy.receives(bob, bob.allocate()).expect(openRelay(2, bob, IPV4, ANY_PORT));
    }

    @Test
    void whatTheQuotaRefusesTakesNothingOfTheSource() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limits =
                new SharedLimits(
                        ByResource.of(_ -> SourceQuotas.NONE)
                                .with(Resource.ALLOCATION, new SourceQuotas(2, 2, List.of())),
                        limits.bandwidth(),
                        limits.refusals());
        setting.quotas = new Quotas(10, 1);
        TurnScript roomy = setting.start();
        ScriptClient alice = roomy.client("alice");
        ScriptClient again = roomy.client("alice");
        ScriptClient bob = roomy.client("bob");
        roomy.allocated(alice, 1, RELAYED);
        for (int i = 0; i < 5; i++) {
            StunMessage refused = again.allocate();
            roomy.receives(again, refused).expect(again.error(refused, ALLOCATION_QUOTA_REACHED));
        }

        assertThat(limits.refusals().of(Limit.ALLOCATIONS_PER_USER)).isEqualTo(5);
        roomy.receives(bob, bob.allocate()).expect(openRelay(2, bob, IPV4, ANY_PORT));
    }

    @Test
    void isGivenBackOnEveryWayThatAnAllocationEnds() {
        ScriptClient alice = turn.tcpClient("alice");

        turn.allocated(alice, 1, RELAYED);
        turn.receives(alice, alice.refresh(0)).ignored();
        assertNothingIsHeld("deleted");

        turn.allocated(alice, 2, RELAYED);
        turn.passes(Duration.ofMinutes(10)).ignored();
        assertNothingIsHeld("expired");

        turn.allocated(alice, 3, RELAYED);
        turn.connectionCloses(alice).ignored();
        assertNothingIsHeld("closed");

        turn.allocatedBoth(alice, 4, RELAYED, "[2001:db8::1]:50000");
        turn.receives(alice, alice.refresh(0)).ignored();
        assertNothingIsHeld("both deleted");
    }

    @Test
    void anAllocationThatMovesCountsWhereItWasMade() {
        ScriptClient alice = turn.tcpClient("alice");
        turn.receives(alice, alice.allocate(each -> each.with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(1, RELAYED).ignored();
        byte[] ticket = TestSeal.ticket(0, 1, 0);
        ScriptClient elsewhere =
                turn.introduced(turn.strangerAt(Transport.UDP, "198.51.100.1:3478"));
        turn.receives(elsewhere, elsewhere.refresh(600, ticket)).ignored();
        turn.connectionCloses(alice).ignored();
        assertThat(turn.allocation(1).client()).isEqualTo(elsewhere.tuple());
        assertThat(sources.mostOfAddress()).isEqualTo(1);

        turn.receives(elsewhere, elsewhere.refresh(0)).ignored();
        assertNothingIsHeld("moved and deleted");
    }

    @Test
    void isGivenBackOnEveryWayThatAnAllocationFailsToBegin() {
        ScriptClient alice = turn.tcpClient("alice");

        turn.receives(alice, alice.allocate()).ignored();
        turn.relayFails(1, IPV4).ignored();
        assertNothingIsHeld("failed");

        turn.receives(alice, alice.allocateBoth()).ignored();
        turn.relayFails(2, IPV6).ignored();
        turn.relayFails(2, IPV4).ignored();
        assertNothingIsHeld("both failed");

        turn.receives(alice, alice.allocate()).ignored();
        turn.connectionCloses(alice).ignored();
        turn.relayOpens(3, RELAYED).ignored();
        assertNothingIsHeld("abandoned, opened");

        turn.receives(alice, alice.allocate(each -> each.with(RESERVATION_TOKEN, 42L))).ignored();
        assertNothingIsHeld("no such reservation");

        StunMessage even = alice.allocate(each -> each.with(EVEN_PORT, true));
        turn.receives(alice, even).expect(alice.error(even, INSUFFICIENT_CAPACITY));
        assertNothingIsHeld("no reservations");
        assertThat(limits.refusals().of(Limit.RESERVATIONS)).isEqualTo(1);
    }

    private void assertNothingIsHeld(String how) {
        assertThat(turn.quotas.held()).as(how).isZero();
        assertThat(sources.mostOfAddress()).as(how).isZero();
        assertThat(sources.mostOfNetwork()).as(how).isZero();
        assertThat(limits.bandwidth().users(turn.now())).as(how).isZero();
        assertThat(Leftovers.in(turn.core)).as(how).isEmpty();
    }
}
