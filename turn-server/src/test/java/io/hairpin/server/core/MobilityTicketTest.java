package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.server.core.MobileScript.RELAYED;
import static io.hairpin.server.core.MobileScript.allocate;
import static io.hairpin.server.core.MobileScript.ticket;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.MOBILITY_FORBIDDEN;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

/// RFC 8016 §3: who gets a ticket, and what one is good for.
class MobilityTicketTest {

    private final MobileScript mobile = new MobileScript();
    private final TurnScript turn = mobile.turn;
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8016 §3.1.2")
    void anEmptyTicketAsksForOneAndTheSuccessBringsIt() {
        StunMessage allocate = allocate(alice, new byte[0]);

        turn.receives(alice, allocate).expect(openRelay(1, alice, IPV4, ANY_PORT));
        turn.relayOpens(1, RELAYED)
                .expect(
                        opened(1, alice, 600, RELAYED),
                        alice.success(allocate)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .with(MOBILITY_TICKET, ticket(0)));
        turn.receives(alice, allocate)
                .expect(
                        alice.success(allocate)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .with(MOBILITY_TICKET, ticket(0)));
    }

    @Test
    @Rfc("8016 §3.1.2")
    void aTicketThatIsNotEmptyHasNoPlaceInAnAllocateRequest() {
        StunMessage allocate = allocate(alice, ticket(0));

        turn.receives(alice, allocate).expect(alice.error(allocate, BAD_REQUEST));
    }

    @Test
    @Rfc("8016 §3.1.2")
    void whereMovingIsForbiddenNobodyGetsATicket() {
        TurnScript still = TurnScript.start();
        ScriptClient bob = still.client("bob");
        StunMessage allocate = allocate(bob, new byte[0]);

        still.receives(bob, allocate).expect(bob.error(allocate, MOBILITY_FORBIDDEN));

        assertThat(still.quotas.held()).isZero();
    }

    @Test
    @Rfc("8016 §3.2.2")
    void whereMovingIsForbiddenATicketIsRefused() {
        TurnScript still = TurnScript.start();
        ScriptClient bob = still.client("bob");
        StunMessage refresh = bob.refresh(600, ticket(0));

        still.receives(bob, refresh).expect(bob.error(refresh, MOBILITY_FORBIDDEN));
    }

    @Test
    void whoDoesNotAskForATicketGetsNone() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage refresh = alice.refresh(700);

        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 700L));
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theOldTicketIsGoodForNothingButRetransmissions() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);
        ScriptClient elsewhere = turn.moved(alice);

        mobile.fails(there, there.refresh(600, ticket(0)), BAD_REQUEST);
        mobile.fails(elsewhere, elsewhere.refresh(600, ticket(0)), BAD_REQUEST);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void whoHasNotMovedNeedsNoTicket() {
        mobile.allocated(alice);
        mobile.fails(alice, alice.refresh(600, ticket(0)), BAD_REQUEST);

        ScriptClient there = mobile.refreshed(alice, 0);

        mobile.fails(alice, alice.refresh(600, ticket(1)), BAD_REQUEST);
        mobile.fails(there, there.refresh(600, ticket(1)), BAD_REQUEST);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void whatIsNoTicketOfThisServerIsBad() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);

        mobile.fails(there, there.refresh(600, new byte[0]), BAD_REQUEST);
        mobile.fails(there, there.refresh(600, new byte[32]), BAD_REQUEST);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void aTicketForAnAllocationThatIsGoneIsAMismatch() {
        mobile.allocated(alice);
        turn.receives(alice, alice.refresh(0)).ignored();
        ScriptClient there = turn.moved(alice);

        mobile.fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
    }

    @Test
    @Rfc({"8016 §3.2.2", "8016 §5"})
    void anotherUsersTicketIsOfNoUse() {
        mobile.allocated(alice);
        ScriptClient bob = turn.client("bob");

        mobile.fails(bob, bob.refresh(600, ticket(0)), WRONG_CREDENTIALS);
        mobile.fails(bob, bob.refresh(0, ticket(0)), WRONG_CREDENTIALS);

        assertThat(turn.allocation(1).client()).isEqualTo(alice.tuple());
    }

    @Test
    void aTicketOfAnotherShardIsForItToJudge() {
        StunMessage refresh = alice.refresh(600, TestSeal.ticket(2, 7, 3));

        turn.receives(alice, refresh).expect(new Effect.HandOver(alice.tuple(), refresh, 2));
    }

    @Test
    void aFiveTupleWithAnAllocationIsNotHandedOver() {
        mobile.allocated(alice);

        mobile.fails(alice, alice.refresh(600, TestSeal.ticket(2, 7, 3)), ALLOCATION_MISMATCH);
    }
}
