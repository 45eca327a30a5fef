package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.server.core.Expected.pathRemoved;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// How often a ticket may be used.
class MoveLimitTest {

    private static final String RELAYED = "198.51.100.1:50000";

    @Test
    void anAllocationMovesOnlySoOftenAMinute() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(0, new TestSeal(), 2);
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        turn.receives(alice, alice.allocate(each -> each.with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(1, RELAYED).ignored();
        ScriptClient first = turn.moved(alice);
        ScriptClient second = turn.moved(alice);
        ScriptClient third = turn.moved(alice);

        StunMessage move = first.refresh(600, TestSeal.ticket(0, 1, 0));
        turn.receives(first, move).expect(pathAdded(1, first), success(first, move, 1));
        turn.receives(first, move).expect(success(first, move, 1)); // a copy is no move
        move = second.refresh(600, TestSeal.ticket(0, 1, 1));
        turn.receives(second, move)
                .expect(pathRemoved(1, first), pathAdded(1, second), success(second, move, 2));

        move = third.refresh(600, TestSeal.ticket(0, 1, 2));
        turn.receives(third, move).expect(third.error(move, INSUFFICIENT_CAPACITY));
        assertThat(setting.limits.refusals().of(Limit.MOVES_PER_MINUTE)).isEqualTo(1);

        turn.waits(Duration.ofMinutes(1));
        move = third.refresh(600, TestSeal.ticket(0, 1, 2));
        turn.receives(third, move)
                .expect(pathRemoved(1, second), pathAdded(1, third), success(third, move, 3));
    }

    private static Answer success(ScriptClient client, StunMessage request, int issue) {
        return client.success(request)
                .with(LIFETIME, 600L)
                .with(MOBILITY_TICKET, TestSeal.ticket(0, 1, issue));
    }
}
