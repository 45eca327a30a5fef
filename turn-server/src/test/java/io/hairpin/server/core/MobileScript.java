package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.pathAdded;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

/// A [TurnScript] whose clients may take their allocation along, of which there is one.
final class MobileScript {

    static final String RELAYED = "198.51.100.1:50000";

    private static final int HERE = 1;

    final TurnScript turn = start();

    private static TurnScript start() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(HERE, new TestSeal());
        return setting.start();
    }

    /// Brings a client its allocation, and the first ticket.
    void allocated(ScriptClient client) {
        turn.receives(client, allocate(client, new byte[0])).ignored();
        turn.relayOpens(1, RELAYED).ignored();
    }

    static StunMessage allocate(ScriptClient client, byte[] ticket) {
        return client.allocate(builder -> builder.with(MOBILITY_TICKET, ticket));
    }

    /// The client on the 5-tuple that it has shown its ticket by.
    ScriptClient refreshed(ScriptClient client, int issue) {
        ScriptClient there = turn.moved(client);
        StunMessage refresh = there.refresh(600, ticket(issue));
        turn.receives(there, refresh)
                .expect(pathAdded(1, there), success(there, refresh, 600, ticket(issue + 1)));
        return there;
    }

    void succeeds(ScriptClient client, StunMessage request) {
        assertThat(turn.receives(client, request).ignored())
                .singleElement()
                .isInstanceOf(Effect.Send.class);
    }

    void fails(ScriptClient client, StunMessage request, ErrorCode code) {
        turn.receives(client, request).expect(client.error(request, code));
    }

    static Answer success(ScriptClient client, StunMessage request, long seconds, byte[] ticket) {
        return client.success(request).with(LIFETIME, seconds).with(MOBILITY_TICKET, ticket);
    }

    static byte[] ticket(int issue) {
        return TestSeal.ticket(HERE, 1, issue);
    }
}
