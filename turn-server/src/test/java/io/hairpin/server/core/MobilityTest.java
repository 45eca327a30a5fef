package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.moved;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.server.core.Expected.pathRemoved;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.MOBILITY_FORBIDDEN;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 8016 §3.
class MobilityTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final int HERE = 1;

    private final TurnScript turn = mobile();
    private final ScriptClient alice = turn.client("alice");

    private static TurnScript mobile() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(HERE, new TestSeal());
        return setting.start();
    }

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
    void aTicketBringsTheAllocationAnotherFiveTupleAndAnotherTicket() {
        allocated();
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
        allocated();
        ScriptClient there = refreshed(alice, 0);

        succeeds(alice, alice.createPermission("8.8.8.2:1"));
        succeeds(there, there.createPermission("8.8.8.1:1"));
        turn.dataComesFrom(there).expect(moved(1, alice, there));
        succeeds(there, there.channelBind(0x4000, "8.8.8.2:1"));
        fails(alice, alice.refresh(600), ALLOCATION_MISMATCH);

        assertThat(turn.allocation(1).client()).isEqualTo(there.tuple());
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void furtherDataByTheNewFiveTupleChangesNothing() {
        allocated();
        ScriptClient there = refreshed(alice, 0);
        turn.dataComesFrom(there).ignored();

        turn.dataComesFrom(there).expect();
        turn.dataComesFrom(alice).expect();
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theOldFiveTupleIsFreeOnceTheClientHasMoved() {
        allocated();
        ScriptClient there = refreshed(alice, 0);
        turn.dataComesFrom(there).ignored();
        StunMessage allocate = alice.allocate();

        turn.receives(alice, allocate).expect(openRelay(2, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theOldConnectionsEndSettlesTheMove() {
        ScriptClient tcp = turn.tcpClient("alice");
        allocated(tcp);
        ScriptClient there = refreshed(tcp, 0);

        turn.connectionCloses(tcp).expect(moved(1, tcp, there));

        assertThat(turn.allocation(1).client()).isEqualTo(there.tuple());
    }

    @Test
    @Rfc("8016 §3.2.2")
    void theNewConnectionsEndLeavesTheOldOne() {
        allocated();
        ScriptClient there = refreshed(alice, 0);

        turn.connectionCloses(there).expect(pathRemoved(1, there));

        succeeds(alice, alice.refresh(600));
        fails(there, there.refresh(600), ALLOCATION_MISMATCH);
    }

    @Test
    void anAllocationWithATicketOutlivesItsConnection() {
        ScriptClient tcp = turn.tcpClient("alice");
        allocated(tcp);

        turn.connectionCloses(tcp).expect(pathRemoved(1, tcp));
        fails(tcp, tcp.refresh(600), ALLOCATION_MISMATCH);
        ScriptClient there = turn.moved(tcp);
        StunMessage refresh = there.refresh(700, ticket(0));

        turn.receives(there, refresh)
                .expect(moved(1, tcp, there), success(there, refresh, 700, ticket(1)));
    }

    @Test
    void aClientMayComeBackByAConnectionWithTheSameAddresses() {
        ScriptClient tcp = turn.tcpClient("alice");
        allocated(tcp);
        turn.connectionCloses(tcp).ignored();
        StunMessage refresh = tcp.refresh(700, ticket(0));

        turn.receives(tcp, refresh)
                .expect(moved(1, tcp, tcp), success(tcp, refresh, 700, ticket(1)));

        succeeds(tcp, tcp.refresh(600));
    }

    @Test
    void aClientThatStaysAwayLosesItsAllocationWithItsLifetime() {
        ScriptClient tcp = turn.tcpClient("alice");
        allocated(tcp);
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
        allocated();
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
    @Rfc("8016 §3.2.2")
    void theOldTicketIsGoodForNothingButRetransmissions() {
        allocated();
        ScriptClient there = refreshed(alice, 0);
        ScriptClient elsewhere = turn.moved(alice);

        fails(there, there.refresh(600, ticket(0)), BAD_REQUEST);
        fails(elsewhere, elsewhere.refresh(600, ticket(0)), BAD_REQUEST);
    }

    @Test
    void theNextMoveTakesThePlaceOfOneThatNoDataFollowed() {
        allocated();
        ScriptClient there = refreshed(alice, 0);
        ScriptClient elsewhere = turn.moved(alice);
        StunMessage refresh = elsewhere.refresh(700, ticket(1));

        turn.receives(elsewhere, refresh)
                .expect(
                        pathRemoved(1, there),
                        pathAdded(1, elsewhere),
                        success(elsewhere, refresh, 700, ticket(2)));

        fails(there, there.refresh(600), ALLOCATION_MISMATCH);
        turn.dataComesFrom(there).expect();
        turn.dataComesFrom(elsewhere).expect(moved(1, alice, elsewhere));
    }

    @Test
    @Rfc("8016 §3.2.2")
    void whoHasNotMovedNeedsNoTicket() {
        allocated();
        fails(alice, alice.refresh(600, ticket(0)), BAD_REQUEST);

        ScriptClient there = refreshed(alice, 0);

        fails(alice, alice.refresh(600, ticket(1)), BAD_REQUEST);
        fails(there, there.refresh(600, ticket(1)), BAD_REQUEST);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void whatIsNoTicketOfThisServerIsBad() {
        allocated();
        ScriptClient there = turn.moved(alice);

        fails(there, there.refresh(600, new byte[0]), BAD_REQUEST);
        fails(there, there.refresh(600, new byte[32]), BAD_REQUEST);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void aTicketForAnAllocationThatIsGoneIsAMismatch() {
        allocated();
        turn.receives(alice, alice.refresh(0)).ignored();
        ScriptClient there = turn.moved(alice);

        fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
    }

    @Test
    @Rfc({"8016 §3.2.2", "8016 §5"})
    void anotherUsersTicketIsOfNoUse() {
        allocated();
        ScriptClient bob = turn.client("bob");

        fails(bob, bob.refresh(600, ticket(0)), WRONG_CREDENTIALS);
        fails(bob, bob.refresh(0, ticket(0)), WRONG_CREDENTIALS);

        assertThat(turn.allocation(1).client()).isEqualTo(alice.tuple());
    }

    @Test
    void aFiveTupleHasOneAllocationAtMost() {
        allocated();
        ScriptClient there = turn.moved(alice);
        turn.receives(there, there.allocate()).ignored();

        fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
        turn.relayOpens(2, "198.51.100.1:50002").ignored();
        fails(there, there.refresh(600, ticket(0)), ALLOCATION_MISMATCH);
        fails(alice, alice.allocate(), ALLOCATION_MISMATCH);
    }

    @Test
    void theNewFiveTupleIsTakenForOtherAllocations() {
        allocated();
        ScriptClient there = refreshed(alice, 0);

        fails(there, there.allocate(), ALLOCATION_MISMATCH);
    }

    @Test
    @Rfc("8016 §3.2.2")
    void aLifetimeOfZeroWithATicketDeletesTheAllocation() {
        allocated();
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
        allocated();
        ScriptClient there = refreshed(alice, 0);
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
        allocated();
        ScriptClient there = turn.moved(alice);
        StunMessage refresh =
                there.request(
                        REFRESH,
                        builder ->
                                builder.with(REQUESTED_ADDRESS_FAMILY, IPV6.code())
                                        .with(MOBILITY_TICKET, ticket(0)));

        fails(there, refresh, PEER_ADDRESS_FAMILY_MISMATCH);
        fails(there, there.refresh(600), ALLOCATION_MISMATCH);
    }

    @Test
    void aTicketOfAnotherShardIsForItToJudge() {
        StunMessage refresh = alice.refresh(600, TestSeal.ticket(2, 7, 3));

        turn.receives(alice, refresh).expect(new Effect.HandOver(alice.tuple(), refresh, 2));
    }

    @Test
    void aFiveTupleWithAnAllocationIsNotHandedOver() {
        allocated();

        fails(alice, alice.refresh(600, TestSeal.ticket(2, 7, 3)), ALLOCATION_MISMATCH);
    }

    private void allocated() {
        allocated(alice);
    }

    private void allocated(ScriptClient client) {
        turn.receives(client, allocate(client, new byte[0])).ignored();
        turn.relayOpens(1, RELAYED).ignored();
    }

    private static StunMessage allocate(ScriptClient client, byte[] ticket) {
        return client.allocate(builder -> builder.with(MOBILITY_TICKET, ticket));
    }

    /// The client on the 5-tuple that it has shown its ticket by.
    private ScriptClient refreshed(ScriptClient client, int issue) {
        ScriptClient there = turn.moved(client);
        StunMessage refresh = there.refresh(600, ticket(issue));
        turn.receives(there, refresh)
                .expect(pathAdded(1, there), success(there, refresh, 600, ticket(issue + 1)));
        return there;
    }

    private void succeeds(ScriptClient client, StunMessage request) {
        assertThat(turn.receives(client, request).ignored())
                .singleElement()
                .isInstanceOf(Effect.Send.class);
    }

    private void fails(ScriptClient client, StunMessage request, ErrorCode code) {
        turn.receives(client, request).expect(client.error(request, code));
    }

    private static Answer success(
            ScriptClient client, StunMessage request, long seconds, byte[] ticket) {
        return client.success(request).with(LIFETIME, seconds).with(MOBILITY_TICKET, ticket);
    }

    private static byte[] ticket(int issue) {
        return TestSeal.ticket(HERE, 1, issue);
    }
}
