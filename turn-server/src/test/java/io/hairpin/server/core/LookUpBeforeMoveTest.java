package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.lookUp;
import static io.hairpin.server.core.Expected.moved;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.server.core.Expected.pathRemoved;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.SERVER_ERROR;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// A Refresh request with a ticket (RFC 8016 §3.2.2) of somebody whom only a store knows: it comes
/// by a new 5-tuple, and its allocation may be gone before the store answers.
class LookUpBeforeMoveTest {

    private static final int HERE = 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Quotas waiting = new Quotas(2, 2);
    private final TurnScript turn = setting().start();
    private final ScriptClient carol = allocated(Transport.UDP, 1);
    private final ScriptClient there = turn.client("carol", "secret");
    private final StunMessage request = there.refresh(700, ticket(1, 0));

    @Test
    void theClientMovesOnceItsUserIsFoundAndIsKnownThereFromThenOn() {
        turn.receives(there, request).expect(lookUp(2, there));
        turn.receives(there, request).expect(there.drop(DropReason.AUTHENTICATION_PENDING));

        turn.finds(2, there.credential()).expect(pathAdded(1, there), success(there, request, 1));

        turn.receives(there, request).expect(success(there, request, 1));
        StunMessage refresh = there.refresh(800);
        turn.receives(there, refresh).expect(there.success(refresh).with(LIFETIME, 800L));
        assertItStaysWith(carol);
    }

    @Test
    void whoeverIsNotFoundDoesNotMoveIt() {
        turn.receives(there, request).expect(lookUp(2, there));

        turn.finds(2).expect(there.challenge(request, UNAUTHENTICATED));

        assertItStaysWith(carol);
        assertTheTicketIsGood(3);
    }

    @Test
    void whoeverGuessesThePasswordDoesNotMoveIt() {
        ScriptClient mallory = turn.client("carol", "guessed");
        StunMessage guess = mallory.refresh(700, ticket(1, 0));
        turn.receives(mallory, guess).expect(lookUp(2, mallory));

        turn.finds(2, carol.credential()).expect(mallory.challenge(guess, UNAUTHENTICATED));

        assertItStaysWith(carol);
        assertTheTicketIsGood(3);
    }

    @Test
    void anotherUserThatIsFoundDoesNotMoveIt() {
        ScriptClient dave = turn.client("dave", "secret");
        StunMessage stolen = dave.refresh(700, ticket(1, 0));
        turn.receives(dave, stolen).expect(lookUp(2, dave));

        turn.finds(2, dave.credential()).expect(dave.error(stolen, WRONG_CREDENTIALS));

        assertItStaysWith(carol);
        assertTheTicketIsGood(3);
    }

    @Test
    void whereTheStoreFailsTheSameRequestMayComeAgain() {
        turn.receives(there, request).expect(lookUp(2, there));
        turn.findsOutNothing(2).expect(Answer.error(there.tuple(), request, SERVER_ERROR));
        turn.receives(there, request).expect(lookUp(3, there));
        turn.passes(TIMEOUT).expect(Answer.error(there.tuple(), request, SERVER_ERROR));

        assertItStaysWith(carol);
        assertTheTicketIsGood(4);
    }

    @Test
    void aPasswordThatWasChangedMeanwhileIsTakenOverByTheAllocation() {
        ScriptClient changed = turn.client("carol", "changed");
        StunMessage move = changed.refresh(700, ticket(1, 0));
        turn.receives(changed, move).expect(lookUp(2, changed));
        turn.finds(2, changed.credential())
                .expect(pathAdded(1, changed), success(changed, move, 1));
        StunMessage refresh = changed.refresh(800);

        turn.receives(changed, refresh).expect(changed.success(refresh).with(LIFETIME, 800L));
        turn.receives(carol, carol.refresh(800)).expect(lookUp(3, carol));
    }

    @Test
    void anAllocationThatIsDeletedByThenIsGone() {
        turn.receives(there, request).expect(lookUp(2, there));
        turn.receives(carol, carol.refresh(0)).ignored();

        turn.finds(2, there.credential()).expect(there.error(request, ALLOCATION_MISMATCH));

        assertThat(waiting.held()).isZero();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    void anAllocationThatHasExpiredByThenIsGone() {
        turn.waits(Duration.ofMinutes(10).minusSeconds(1));
        turn.receives(there, request).expect(lookUp(2, there));
        turn.passes(Duration.ofSeconds(1)).ignored();

        turn.finds(2, there.credential()).expect(there.error(request, ALLOCATION_MISMATCH));

        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    void whoeverIsGoneByThenHasNotMovedIt() {
        ScriptClient onTcp = turn.client("carol", "secret", Transport.TCP);
        turn.receives(onTcp, onTcp.refresh(700, ticket(1, 0))).expect(lookUp(2, onTcp));
        turn.connectionCloses(onTcp).expect();

        turn.finds(2, onTcp.credential()).expect();

        assertItStaysWith(carol);
        assertTheTicketIsGood(3);
    }

    @Test
    void aClientWhoseOldConnectionHasEndedByThenArrivesAtOnce() {
        ScriptClient onTcp = allocated(Transport.TCP, 2);
        StunMessage move = there.refresh(700, ticket(2, 0));
        turn.receives(there, move).expect(lookUp(3, there));
        turn.connectionCloses(onTcp).expect(pathRemoved(2, onTcp));

        turn.finds(3, there.credential())
                .expect(
                        moved(2, onTcp, there),
                        there.success(move)
                                .with(LIFETIME, 700L)
                                .with(MOBILITY_TICKET, ticket(2, 1)));
    }

    @Test
    void ofTwoThatAreLookedUpTheFirstToBeFoundHasUsedTheTicketUp() {
        ScriptClient elsewhere = turn.client("carol", "secret");
        StunMessage second = elsewhere.refresh(700, ticket(1, 0));
        turn.receives(there, request).expect(lookUp(2, there));
        turn.receives(elsewhere, second).expect(lookUp(3, elsewhere));

        turn.finds(3, elsewhere.credential())
                .expect(pathAdded(1, elsewhere), success(elsewhere, second, 1));
        turn.finds(2, there.credential()).expect(there.error(request, BAD_REQUEST));
    }

    @Test
    void aFiveTupleThatHasAnotherAllocationByThenKeepsThat() {
        turn.receives(there, request).expect(lookUp(2, there));
        turn.receives(there, there.allocate()).expect(lookUp(3, there));
        turn.finds(3, there.credential()).expect(openRelay(2, there, IPV4, ANY_PORT));

        turn.finds(2, there.credential()).expect(there.error(request, ALLOCATION_MISMATCH));

        assertItStaysWith(carol);
    }

    @Test
    void aTicketOfAnotherShardIsForItToJudgeOnceTheUserIsFound() {
        StunMessage move = there.refresh(700, TestSeal.ticket(HERE + 1, 1, 0));
        turn.receives(there, move).expect(lookUp(2, there));

        turn.finds(2, there.credential())
                .expect(new Effect.HandOver(there.tuple(), move, HERE + 1));
    }

    private ScriptClient allocated(Transport transport, long id) {
        ScriptClient client = turn.client("carol", "secret", transport);
        turn.receives(
                        client,
                        client.allocate(builder -> builder.with(MOBILITY_TICKET, new byte[0])))
                .expect(lookUp(id, client));
        turn.finds(id, client.credential()).ignored();
        turn.relayOpens(id, "198.51.100.1:" + (50000 + id)).ignored();
        return client;
    }

    private void assertItStaysWith(ScriptClient client) {
        assertThat(waiting.held()).isZero();
        assertThat(turn.allocation(1).client()).isEqualTo(client.tuple());
        StunMessage permission = client.createPermission("8.8.8.8:1");
        turn.receives(client, permission).expect(client.success(permission));
    }

    private void assertTheTicketIsGood(long nextLookUp) {
        ScriptClient elsewhere = turn.client("carol", "secret");
        StunMessage move = elsewhere.refresh(700, ticket(1, 0));
        turn.receives(elsewhere, move).expect(lookUp(nextLookUp, elsewhere));
        turn.finds(nextLookUp, elsewhere.credential())
                .expect(pathAdded(1, elsewhere), success(elsewhere, move, 1));
    }

    private static Answer success(ScriptClient client, StunMessage request, int issue) {
        return client.success(request).with(LIFETIME, 700L).with(MOBILITY_TICKET, ticket(1, issue));
    }

    private static byte[] ticket(long allocation, int issue) {
        return TestSeal.ticket(HERE, allocation, issue);
    }

    private TurnScript.Setting setting() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(HERE, new TestSeal());
        setting.lookUpTimeout = TIMEOUT;
        return setting.limit(Resource.AUTHENTICATION, waiting);
    }
}
