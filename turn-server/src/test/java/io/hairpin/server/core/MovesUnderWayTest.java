package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.moved;
import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.server.core.Expected.pathRemoved;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How many allocations of a user and of a source may have a second 5-tuple at the same time, and
/// that each is given back once, whatever becomes of it.
class MovesUnderWayTest {

    private final Quotas moves = new Quotas(10, 1);
    private final SourceQuotas movesOf = new SourceQuotas(10, 10, List.of());
    private SharedLimits limits = limits(movesOf);
    private TurnScript turn = setting(100).start();
    private ScriptClient alice = turn.tcpClient("alice");
    private ScriptClient again = turn.tcpClient("alice");

    /// The last request of a move.
    private StunMessage sent = alice.refresh(0);

    @Test
    void aUserWithAsManyMovesUnderWayAsAllowedIsToldAndKeepsTheTicket() {
        start(1);
        mobile(alice, 1);
        mobile(again, 2);
        ScriptClient first = turn.moved(alice);
        ScriptClient second = turn.moved(alice);
        moves(first, 1, 0).expect(pathAdded(1, first), success(first, 1, 1));

        moves(second, 2, 0).expect(second.error(sent, INSUFFICIENT_CAPACITY));
        assertThat(limits.refusals().of(Limit.MOVES_PER_USER)).isEqualTo(1);
        assertHeld(1);

        turn.dataComesFrom(first).expect(moved(1, alice, first));
        assertHeld(0);
        // Nothing counts for what was refused, however few moves a minute there may be.
        moves(second, 2, 0).expect(pathAdded(2, second), success(second, 2, 1));
        assertHeld(1);
    }

    @Test
    void aSourceWithAsManyMovesUnderWayAsAllowedIsTold() {
        limits = limits(new SourceQuotas(10, 1, List.of()));
        start(100);
        ScriptClient bob = turn.client("bob");
        mobile(alice, 1);
        mobile(bob, 2);
        moves(turn.moved(alice), 1, 0).ignored();
        ScriptClient refused = turn.moved(bob);

        moves(refused, 2, 0).expect(refused.error(sent, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.MOVES_PER_NETWORK)).isEqualTo(1);
        assertThat(moves.held()).isEqualTo(1);
    }

    @Test
    void aMoveInPlaceOfAnotherTakesItsPlace() {
        mobile(alice, 1);
        ScriptClient first = turn.moved(alice);
        ScriptClient second = turn.moved(alice);
        moves(first, 1, 0).ignored();

        moves(second, 1, 1)
                .expect(pathRemoved(1, first), pathAdded(1, second), success(second, 1, 2));

        assertHeld(1);
        turn.receives(second, sent).expect(success(second, 1, 2)); // a copy is no move
        assertHeld(1);
        turn.dataComesFrom(second).ignored();
        assertHeld(0);
    }

    @Test
    void whoComesBackFromNowhereHasOne5TupleAlone() {
        mobile(alice, 1);
        mobile(again, 2);
        ScriptClient first = turn.moved(alice);
        ScriptClient second = turn.moved(again);
        moves(first, 1, 0).ignored();
        turn.connectionCloses(again).ignored();

        moves(second, 2, 0).expect(moved(2, again, second), success(second, 2, 1));

        assertHeld(1);
    }

    @Test
    void whoEndsAnAllocationByATicketNeedsNoPlace() {
        mobile(alice, 1);
        mobile(again, 2);
        ScriptClient first = turn.moved(alice);
        moves(first, 1, 0).ignored();
        ScriptClient elsewhere = turn.moved(again);

        turn.receives(elsewhere, elsewhere.refresh(0, TestSeal.ticket(0, 2, 0))).ignored();

        assertThat(turn.exists(2)).isFalse();
        assertHeld(1);
    }

    @Test
    void whatMovesTooOftenTakesNoPlace() {
        start(1);
        mobile(alice, 1);
        ScriptClient first = turn.moved(alice);
        moves(first, 1, 0).ignored();
        turn.dataComesFrom(first).ignored();
        ScriptClient second = turn.moved(alice);

        moves(second, 1, 1).expect(second.error(sent, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.MOVES_PER_MINUTE)).isEqualTo(1);
        assertHeld(0);
    }

    @Test
    void aMoveIsGivenBackOnEveryWayThatItEnds() {
        mobile(alice, 1);
        ScriptClient elsewhere = turn.moved(alice);
        moves(elsewhere, 1, 0).ignored();
        turn.connectionCloses(elsewhere).ignored();
        assertHeld(0);

        ScriptClient other = turn.moved(alice);
        moves(other, 1, 1).ignored();
        turn.connectionCloses(alice).ignored();
        assertThat(turn.allocation(1).client()).isEqualTo(other.tuple());
        assertHeld(0);

        moves(turn.moved(alice), 1, 2).ignored();
        turn.receives(other, other.refresh(0)).ignored();
        assertNothingIsHeld("deleted by the old 5-tuple");

        mobile(again, 2);
        ScriptClient last = turn.moved(again);
        moves(last, 2, 0).ignored();
        turn.receives(last, last.refresh(0)).ignored();
        assertNothingIsHeld("deleted by the new 5-tuple");

        ScriptClient patient = turn.client("alice");
        mobile(patient, 3);
        moves(turn.moved(patient), 3, 0).ignored();
        assertHeld(1);
        turn.passes(Duration.ofMinutes(10)).ignored();
        assertNothingIsHeld("expired");
    }

    private TurnScript.Outcome moves(ScriptClient to, long id, int issue) {
        sent = to.refresh(600, TestSeal.ticket(0, id, issue));
        return turn.receives(to, sent);
    }

    private Answer success(ScriptClient client, long id, int issue) {
        return client.success(sent)
                .with(LIFETIME, 600L)
                .with(MOBILITY_TICKET, TestSeal.ticket(0, id, issue));
    }

    private void mobile(ScriptClient client, long id) {
        turn.receives(client, client.allocate(each -> each.with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(id, "198.51.100.1:" + (50_000 + id)).ignored();
    }

    /// Begins anew with other limits.
    private void start(int movesPerMinute) {
        turn = setting(movesPerMinute).start();
        alice = turn.tcpClient("alice");
        again = turn.tcpClient("alice");
    }

    private TurnScript.Setting setting(int movesPerMinute) {
        TurnScript.Setting setting = TurnScript.setting().limit(Resource.MOVE, moves);
        setting.mobility = new Mobility(0, new TestSeal(), movesPerMinute);
        setting.limits = limits;
        return setting;
    }

    private static SharedLimits limits(SourceQuotas moves) {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE).with(Resource.MOVE, moves),
                new SharedBandwidth(BandwidthLimits.NONE),
                new Refusals());
    }

    private void assertHeld(int held) {
        assertThat(moves.held()).isEqualTo(held);
        assertThat(movesOf.mostOfAddress()).isEqualTo(held);
        assertThat(movesOf.mostOfNetwork()).isEqualTo(held);
    }

    private void assertNothingIsHeld(String how) {
        assertThat(Leftovers.in(moves)).as(how).isEmpty();
        assertThat(Leftovers.in(movesOf)).as(how).isEmpty();
        assertThat(Leftovers.in(turn.core)).as(how).isEmpty();
    }
}
