package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.IcmpError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/// RFC 8656 §11.5: what a client is told of the ICMP errors that its datagrams met.
class IcmpTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String RELAYED_6 = "[2001:db8::1]:50000";
    private static final String PEER = "8.8.8.8:53";
    private static final String PEER_6 = "[2001:4860:4860::8888]:53";
    private static final IcmpError PORT_UNREACHABLE = new IcmpError(3, 3, 0);

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8656 §11.5")
    void aClientIsToldWhomItCouldNotReachAndWhyWithoutData() {
        turn.allocated(alice, 1, RELAYED);
        permit(PEER);

        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.icmp(PEER, PORT_UNREACHABLE));
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 3", "3, 13", "11, 0", "11, 1"})
    @Rfc("8656 §11.5")
    void ofIpv4ItIsToldThatSomethingIsUnreachableOrTookTooLong(int type, int code) {
        turn.allocated(alice, 1, RELAYED);
        permit(PEER);

        turn.meetsIcmp(1, PEER, new IcmpError(type, code, 0))
                .expect(alice.icmp(PEER, new IcmpError(type, code, 0)));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 4", "3, 0"})
    @Rfc("8656 §11.5")
    void ofIpv6ItIsToldTheSameInItsOwnNumbers(int type, int code) {
        turn.allocatedBoth(alice, 1, RELAYED, RELAYED_6);
        permit(PEER_6);

        turn.meetsIcmp(1, PEER_6, new IcmpError(type, code, 0))
                .expect(alice.icmp(PEER_6, new IcmpError(type, code, 0)));
    }

    @Test
    @Rfc("8656 §11.5")
    void typesThatSayNothingOfThePathAreDropped() {
        turn.allocatedBoth(alice, 1, RELAYED, RELAYED_6);
        permit(PEER);
        permit(PEER_6);

        for (int type = 0; type < 128; type++) {
            if (type != 3 && type != 11) {
                turn.meetsIcmp(1, PEER, new IcmpError(type, 0, 0))
                        .expect(alice.drop(DropReason.ICMP_TYPE));
            }
            if (type < 1 || type > 3) {
                turn.meetsIcmp(1, PEER_6, new IcmpError(type, 0, 0))
                        .expect(alice.drop(DropReason.ICMP_TYPE));
            }
        }
    }

    @Test
    @Rfc("8656 §11.5")
    void whoTheDatagramWentToNeedsAPermissionWhateverThePort() {
        turn.allocated(alice, 1, RELAYED);

        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.drop(DropReason.NO_PERMISSION));

        permit("8.8.8.8:1");
        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.icmp(PEER, PORT_UNREACHABLE));
        turn.meetsIcmp(1, "8.8.8.9:53", PORT_UNREACHABLE)
                .expect(alice.drop(DropReason.NO_PERMISSION));

        turn.passes(Duration.ofMinutes(5)).ignored();
        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.drop(DropReason.NO_PERMISSION));
    }

    @Test
    @Rfc("8656 §11.5")
    void aPortThatIsNotKnownIsZero() {
        turn.allocated(alice, 1, RELAYED);
        permit(PEER);

        turn.meetsIcmp(1, "8.8.8.8:0", PORT_UNREACHABLE)
                .expect(alice.icmp("8.8.8.8:0", PORT_UNREACHABLE));
    }

    @Test
    @Rfc("8656 §11.5")
    void anErrorOfNoAllocationIsForNobody() {
        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect();

        turn.receives(alice, alice.allocate()).ignored(); // its relay may be open, but is not ours
        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect();
    }

    @Test
    @Rfc("8656 §18.13")
    void theMtuIsToldWhereAPacketWasTooLongAndNothingElseAnywhereElse() {
        turn.allocatedBoth(alice, 1, RELAYED, RELAYED_6);
        permit(PEER);
        permit(PEER_6);

        turn.meetsIcmp(1, PEER, new IcmpError(3, 4, 1400))
                .expect(alice.icmp(PEER, new IcmpError(3, 4, 1400)));
        turn.meetsIcmp(1, PEER_6, new IcmpError(2, 0, 1280))
                .expect(alice.icmp(PEER_6, new IcmpError(2, 0, 1280)));
        turn.meetsIcmp(1, PEER, new IcmpError(3, 3, 7))
                .expect(alice.icmp(PEER, new IcmpError(3, 3, 0)));
        turn.meetsIcmp(1, PEER, new IcmpError(11, 4, 7))
                .expect(alice.icmp(PEER, new IcmpError(11, 4, 0)));
        turn.meetsIcmp(1, PEER_6, new IcmpError(3, 4, 7))
                .expect(alice.icmp(PEER_6, new IcmpError(3, 4, 0)));
    }

    @Test
    void aFloodOfErrorsReachesTheClientAsAFew() {
        turn.allocated(alice, 1, RELAYED);
        permit(PEER);

        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < IcmpPace.MAX_PER_SECOND; i++) {
                turn.meetsIcmp(1, PEER, PORT_UNREACHABLE)
                        .expect(alice.icmp(PEER, PORT_UNREACHABLE));
            }
            for (int i = 0; i < 1000; i++) {
                turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.drop(DropReason.ICMP_RATE));
            }
            turn.waits(Duration.ofSeconds(1));
        }
        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.icmp(PEER, PORT_UNREACHABLE));
    }

    @Test
    void errorsThatTheClientMayNotHearOfDoNotCountAgainstThoseItMay() {
        turn.allocated(alice, 1, RELAYED);
        permit(PEER);
        for (int i = 0; i < 2 * IcmpPace.MAX_PER_SECOND; i++) {
            turn.meetsIcmp(1, "8.8.8.9:53", PORT_UNREACHABLE)
                    .expect(alice.drop(DropReason.NO_PERMISSION));
        }

        turn.meetsIcmp(1, PEER, PORT_UNREACHABLE).expect(alice.icmp(PEER, PORT_UNREACHABLE));
    }

    private void permit(String peer) {
        assertThat(turn.receives(alice, alice.createPermission(peer)).ignored())
                .singleElement()
                .isInstanceOf(Effect.Send.class);
    }
}
