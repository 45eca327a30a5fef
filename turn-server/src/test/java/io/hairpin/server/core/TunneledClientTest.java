package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 8656 §21.4: packets between the server and a tunnel from IPv6 to IPv4 might never end.
class TunneledClientTest {

    private static final String BY_6TO4 = "[2002:808:808::1]:6000";
    private static final String BY_TEREDO = "[2001:0:808:808::1]:6000";

    private final TurnScript turn = mobile();

    private static TurnScript mobile() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mobility = new Mobility(1, new TestSeal());
        return setting.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {BY_6TO4, BY_TEREDO})
    @Rfc("8656 §21.4")
    void whoComesThroughATunnelGetsNoAllocation(String address) {
        ScriptClient alice = at(address);
        StunMessage allocate = alice.allocate();

        turn.receivesOn(alice, alice, allocate).expect(alice.error(allocate, FORBIDDEN));

        assertThat(turn.quotas.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {BY_6TO4, BY_TEREDO})
    @Rfc("8656 §21.4")
    void nobodyTakesAnAllocationIntoATunnel(String address) {
        ScriptClient alice = turn.client("alice");
        turn.receives(alice, alice.allocate(it -> it.with(MOBILITY_TICKET, new byte[0]))).ignored();
        turn.relayOpens(1, "198.51.100.1:50000").ignored();
        byte[] ticket = TestSeal.ticket(1, 1, 0);
        ScriptClient there = at(address);
        StunMessage refresh = there.refresh(600, ticket);

        turn.receivesOn(there, there, refresh).expect(there.error(refresh, FORBIDDEN));
    }

    @Test
    void otherClientsOfIpv6AreServed() {
        ScriptClient alice = at("[2001:db8::1]:6000");

        turn.receivesOn(alice, alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    private ScriptClient at(String address) {
        FiveTuple tuple =
                new FiveTuple(Transport.UDP, TestAddresses.of(address), TurnScript.SERVER);
        return turn.introduced(new ScriptClient("alice", "wonderland", tuple));
    }
}
