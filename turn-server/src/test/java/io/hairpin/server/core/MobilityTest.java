package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.moved;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.server.core.Expected.pathRemoved;
import static io.hairpin.server.core.MobileScript.RELAYED;
import static io.hairpin.server.core.MobileScript.allocate;
import static io.hairpin.server.core.MobileScript.success;
import static io.hairpin.server.core.MobileScript.ticket;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 8016 §3.2.2: what becomes of an allocation that moves, and of its 5-tuples.
class MobilityTest {

    private final MobileScript mobile = new MobileScript();
    private final TurnScript turn = mobile.turn;
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8016 §3.2.2")
    void aTicketBringsTheAllocationAnotherFiveTupleAndAnotherTicket() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);
        StunMessage refresh = there.refresh(700, ticket(0));

        turn.receives(there, refresh)
                .expect(pathAdded(1, there), success(there, refresh, 700, ticket(1)));

        assertThat(turn.allocation(1).client()).isEqualTo(alice.tuple());
        turn.passes(Duration.ofSeconds(700))
                .expect(
                        closeRelay(1, IPV4),
                        pathRemoved(1, there),
                        closed(1, alice, CloseReason.EXPIRED));
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    @Rfc("8016 §3.2.2")
    void bothFiveTuplesServeUntilDataComesByTheNewOne() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);

        mobile.succeeds(alice, alice.createPermission("8.8.8.2:1"));
        mobile.succeeds(there, there.createPermission("8.8.8.1:1"));
        turn.dataComesFrom(there).expect(moved(1, alice, there));
        mobile.succeeds(there, there.channelBind(0x4000, "8.8.8.2:1"));
        mobile.fails(alice, alice.refresh(600), ALLOCATION_MISMATCH);

        assertThat(turn.allocation(1).client()).isEqualTo(there.tuple());
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void furtherDataByTheNewFiveTupleChangesNothing() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);
        turn.dataComesFrom(there).ignored();

        turn.dataComesFrom(there).expect();
        turn.dataComesFrom(alice).expect();
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theOldFiveTupleIsFreeOnceTheClientHasMoved() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);
        turn.dataComesFrom(there).ignored();
        StunMessage allocate = alice.allocate();

        turn.receives(alice, allocate).expect(openRelay(2, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theOldConnectionsEndSettlesTheMove() {
        ScriptClient tcp = turn.tcpClient("alice");
        mobile.allocated(tcp);
        ScriptClient there = mobile.refreshed(tcp, 0);

        turn.connectionCloses(tcp).expect(moved(1, tcp, there));

        assertThat(turn.allocation(1).client()).isEqualTo(there.tuple());
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theNewConnectionsEndLeavesTheOldOne() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);

        turn.connectionCloses(there).expect(pathRemoved(1, there));

        mobile.succeeds(alice, alice.refresh(600));
        mobile.fails(there, there.refresh(600), ALLOCATION_MISMATCH);
    }

    @Test
    void anAllocationWithATicketOutlivesItsConnection() {
        ScriptClient tcp = turn.tcpClient("alice");
        mobile.allocated(tcp);

        turn.connectionCloses(tcp).expect(pathRemoved(1, tcp));
        mobile.fails(tcp, tcp.refresh(600), ALLOCATION_MISMATCH);
        ScriptClient there = turn.moved(tcp);
        StunMessage refresh = there.refresh(700, ticket(0));

        turn.receives(there, refresh)
                .expect(moved(1, tcp, there), success(there, refresh, 700, ticket(1)));
    }

    @Test
    void aClientMayComeBackByAConnectionWithTheSameAddresses() {
        ScriptClient tcp = turn.tcpClient("alice");
        mobile.allocated(tcp);
        turn.connectionCloses(tcp).ignored();
        StunMessage refresh = tcp.refresh(700, ticket(0));

        turn.receives(tcp, refresh)
                .expect(moved(1, tcp, tcp), success(tcp, refresh, 700, ticket(1)));

        mobile.succeeds(tcp, tcp.refresh(600));
    }

    @Test
    void aClientThatStaysAwayLosesItsAllocationWithItsLifetime() {
        ScriptClient tcp = turn.tcpClient("alice");
        mobile.allocated(tcp);
        turn.connectionCloses(tcp).ignored();

        assertThat(turn.quotas.held()).isEqualTo(1);
        turn.passes(Duration.ofMinutes(10))
                .expect(closeRelay(1, IPV4), closed(1, tcp, CloseReason.EXPIRED));

        assertThat(turn.quotas.held()).isZero();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    void withoutATicketAnAllocationEndsWithItsConnection() {
        ScriptClient tcp = turn.tcpClient("alice");
        turn.allocated(tcp, 1, RELAYED);

        turn.connectionCloses(tcp)
                .expect(closeRelay(1, IPV4), closed(1, tcp, CloseReason.CLIENT_CLOSED));
    }

    @Test
    @Rfc("8016 §3.2.2")
    void aRetransmissionGetsTheSameAnswerAlsoOnceTheClientHasArrived() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);
        StunMessage refresh = there.refresh(700, ticket(0));
        turn.receives(there, refresh).ignored();

        turn.receives(there, refresh).expect(success(there, refresh, 700, ticket(1)));
        turn.dataComesFrom(there).ignored();
        turn.waits(Duration.ofSeconds(30));
        turn.receives(there, refresh).expect(success(there, refresh, 700, ticket(1)));
        turn.waits(Duration.ofSeconds(10));
        turn.receives(there, refresh).expect(there.error(refresh, BAD_REQUEST));
    }

    @Test
    void theNextMoveTakesThePlaceOfOneThatNoDataFollowed() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);
        ScriptClient elsewhere = turn.moved(alice);
        StunMessage refresh = elsewhere.refresh(700, ticket(1));

        turn.receives(elsewhere, refresh)
                .expect(
                        pathRemoved(1, there),
                        pathAdded(1, elsewhere),
                        success(elsewhere, refresh, 700, ticket(2)));

        mobile.fails(there, there.refresh(600), ALLOCATION_MISMATCH);
        turn.dataComesFrom(there).expect();
        turn.dataComesFrom(elsewhere).expect(moved(1, alice, elsewhere));
    }

    @Test
    void aFiveTupleHasOneAllocationAtMost() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);
        turn.receives(there, there.allocate()).ignored();

        mobile.fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
        turn.relayOpens(2, "198.51.100.1:50002").ignored();
        mobile.fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
        mobile.fails(alice, alice.allocate(), ALLOCATION_MISMATCH);
    }

    @Test
    void theNewFiveTupleIsTakenForOtherAllocations() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);

        mobile.fails(there, there.allocate(), ALLOCATION_MISMATCH);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void aLifetimeOfZeroWithATicketDeletesTheAllocation() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);
        StunMessage delete = there.refresh(0, ticket(0));

        turn.receives(there, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.DELETED),
                        there.success(delete).with(LIFETIME, 0L));

        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    void theNewFiveTupleMayDeleteTheAllocationBeforeItSendsData() {
        mobile.allocated(alice);
        ScriptClient there = mobile.refreshed(alice, 0);
        StunMessage delete = there.refresh(0);

        turn.receives(there, delete)
                .expect(
                        closeRelay(1, IPV4),
                        pathRemoved(1, there),
                        closed(1, alice, CloseReason.DELETED),
                        there.success(delete).with(LIFETIME, 0L));
    }

    @Test
    void oneFamilyOfTwoMayBeDeletedWhileTheOtherMoves() {
        ScriptClient there = turn.moved(alice);
        turn.receives(
                        alice,
                        alice.allocate(
                                builder ->
                                        builder.with(ADDITIONAL_ADDRESS_FAMILY, IPV6.code())
                                                .with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(1, RELAYED).ignored();
        turn.relayOpens(1, "[2001:db8::1]:50000").ignored();
        StunMessage delete =
                there.request(
                        REFRESH,
                        builder ->
                                builder.with(LIFETIME, 0L)
                                        .with(REQUESTED_ADDRESS_FAMILY, IPV6.code())
                                        .with(MOBILITY_TICKET, ticket(0)));

        turn.receives(there, delete)
                .expect(
                        closeRelay(1, IPV6),
                        pathAdded(1, there),
                        success(there, delete, 0, ticket(1)));
    }

    @Test
    void aFamilyThatTheAllocationHasNotMovesNothing() {
        mobile.allocated(alice);
        ScriptClient there = turn.moved(alice);
        StunMessage refresh =
                there.request(
                        REFRESH,
                        builder ->
                                builder.with(REQUESTED_ADDRESS_FAMILY, IPV6.code())
                                        .with(MOBILITY_TICKET, ticket(0)));

        mobile.fails(there, refresh, PEER_ADDRESS_FAMILY_MISMATCH);
        mobile.fails(there, there.refresh(600), ALLOCATION_MISMATCH);
    }
}
