package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.ALTERNATE_DOMAIN;
import static io.hairpin.stun.Attributes.ALTERNATE_SERVER;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.TRY_ALTERNATE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.Redirection.When;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// RFC 8489 §10, and step 11 of RFC 8656 §7.2.
class RedirectTest {

    private static final String THERE = "203.0.113.9:3478";
    private static final String DOMAIN = "turn2.example.org";
    private static final Alternate UDP = alternate(Transport.UDP, THERE, null, 1);

    @Test
    @Rfc({"8489 §10", "8489 §14.8", "8656 §7.2 step 11"})
    void whoAsksForAnAllocationIsToldOfTheOtherServer() {
        TurnScript turn = sending(When.ALWAYS, UDP);
        ScriptClient alice = turn.client("alice");
        StunMessage allocate = alice.allocate();

        turn.receives(alice, allocate)
                .expect(
                        alice.error(allocate, TRY_ALTERNATE)
                                .with(ALTERNATE_SERVER, TestAddresses.of(THERE)));

        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    @Rfc("8489 §14.8")
    void whoHasNotAuthenticatedIsToldNothing() {
        TurnScript turn = sending(When.ALWAYS, UDP);
        ScriptClient stranger = turn.stranger("alice");
        StunMessage bare = stranger.unsigned(Method.ALLOCATE);

        turn.receives(stranger, bare).expect(stranger.challenge(bare, UNAUTHENTICATED));
    }

    @Test
    @Rfc("8489 §12")
    void whoAsksForItsAddressAloneIsAnsweredHere() {
        TurnScript turn = sending(When.ALWAYS, UDP);
        ScriptClient alice = turn.client("alice");
        StunMessage binding = alice.unsigned(Method.BINDING);

        turn.receives(alice, binding)
                .expect(
                        Answer.success(alice.tuple(), binding)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
    }

    @Test
    @Rfc("8489 §10")
    void theDomainAndTheOtherFamilyOfTheServerAreToldToo() {
        TurnScript turn =
                sending(
                        When.ALWAYS,
                        alternate(Transport.UDP, "[2001:db8::8]:3478", "turn3.example.org", 1),
                        alternate(Transport.UDP, "[2001:db8::9]:3478", DOMAIN, 1),
                        alternate(Transport.UDP, THERE, DOMAIN, 1));
        ScriptClient alice = turn.client("alice");
        StunMessage allocate = alice.allocate();

        turn.receives(alice, allocate)
                .expect(
                        alice.error(allocate, TRY_ALTERNATE)
                                .with(ALTERNATE_SERVER, TestAddresses.of(THERE))
                                .with(ALTERNATE_SERVER, TestAddresses.of("[2001:db8::9]:3478"))
                                .with(ALTERNATE_DOMAIN, DOMAIN));
    }

    @Test
    void aClientOfAnotherTransportIsServedHere() {
        TurnScript turn = sending(When.ALWAYS, UDP);
        ScriptClient tcp = turn.tcpClient("alice");

        turn.receives(tcp, tcp.allocate()).expect(openRelay(1, tcp, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8489 §10")
    void aClientOfAnotherFamilyIsServedHere() {
        TurnScript turn =
                sending(When.ALWAYS, alternate(Transport.UDP, "[2001:db8::9]:3478", DOMAIN, 1));
        ScriptClient alice = turn.client("alice");

        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8155 §6")
    void whoAsksAtOneOfTheAddressesIsSentToTheOther() {
        Alternate unicast =
                new Alternate(
                        Transport.UDP,
                        TestAddresses.of(THERE),
                        null,
                        TurnScript.SERVER.getAddress(),
                        1);
        FiveTuple anycast = client(TurnScript.SERVER);
        Redirection redirection = new Redirection(When.ALWAYS, List.of(unicast));

        assertThat(redirection.choose(anycast, drawing(0, 1))).containsExactly(unicast);
        assertThat(redirection.choose(client(TestAddresses.of(THERE)), drawing(0, 1))).isEmpty();
    }

    @Test
    void whileThereIsRoomNobodyIsSentAwayWhoIsOnlyToBeWhenItIsFull() {
        TurnScript turn = sending(When.FULL, UDP);
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, "198.51.100.1:50000");
        StunMessage refresh = alice.refresh(600);

        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 600L));
    }

    @Test
    void whenTheServerIsFullItSendsClientsAway() {
        TurnScript.Setting setting = setting(When.FULL, UDP);
        setting.quotas = new Quotas(1, 100);
        TurnScript turn = setting.start();
        turn.allocated(turn.client("alice"), 1, "198.51.100.1:50000");
        ScriptClient bob = turn.client("bob");
        StunMessage allocate = bob.allocate();

        turn.receives(bob, allocate)
                .expect(
                        bob.error(allocate, TRY_ALTERNATE)
                                .with(ALTERNATE_SERVER, TestAddresses.of(THERE)));
    }

    @Test
    void whenThereIsNoRelayToBeHadItSendsClientsAwayAndLeavesNothing() {
        TurnScript turn = sending(When.FULL, UDP);
        ScriptClient alice = turn.client("alice");
        StunMessage allocate = alice.allocate();
        turn.receives(alice, allocate).ignored();

        turn.relayFails(1, IPV4)
                .expect(
                        alice.error(allocate, TRY_ALTERNATE)
                                .with(ALTERNATE_SERVER, TestAddresses.of(THERE)));

        assertThat(turn.quotas.held()).isZero();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    void aFullServerRefusesWhomItCannotSendAnywhere() {
        TurnScript turn = sending(When.FULL, UDP);
        ScriptClient tcp = turn.tcpClient("alice");
        StunMessage allocate = tcp.allocate();
        turn.receives(tcp, allocate).ignored();

        turn.relayFails(1, IPV4).expect(tcp.error(allocate, INSUFFICIENT_CAPACITY));
    }

    @Test
    void eachServerIsChosenAsOftenAsItsWeightSays() {
        List<Alternate> alternates =
                List.of(
                        alternate(Transport.UDP, "203.0.113.1:3478", null, 3),
                        alternate(Transport.UDP, "203.0.113.2:3478", null, 1),
                        alternate(Transport.TCP, "203.0.113.3:3478", null, 7),
                        alternate(Transport.UDP, "203.0.113.4:3478", null, 2));
        Redirection redirection = new Redirection(When.ALWAYS, alternates);
        FiveTuple client = client(TurnScript.SERVER);
        Map<Alternate, Integer> chosen = new HashMap<>();
        for (int draw = 0; draw < 6; draw++) {
            redirection
                    .choose(client, drawing(draw, 6))
                    .forEach(each -> chosen.merge(each, 1, Integer::sum));
        }

        assertThat(chosen)
                .isEqualTo(
                        Map.of(
                                alternates.get(0), 3,
                                alternates.get(1), 1,
                                alternates.get(3), 2));
    }

    private static FiveTuple client(InetSocketAddress server) {
        return new FiveTuple(Transport.UDP, TestAddresses.of("192.0.2.1:6000"), server);
    }

    /// Chance that comes to that number of so many.
    private static RandomGenerator drawing(int number, int of) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("nobody asks for this");
            }

            @Override
            public int nextInt(int bound) {
                assertThat(bound).isEqualTo(of);
                return number;
            }
        };
    }

    private static Alternate alternate(
            Transport transport, String address, @Nullable String domain, int weight) {
        return new Alternate(transport, TestAddresses.of(address), domain, null, weight);
    }

    private static TurnScript sending(When when, Alternate... alternates) {
        return setting(when, alternates).start();
    }

    private static TurnScript.Setting setting(When when, Alternate... alternates) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.redirection = new Redirection(when, List.of(alternates));
        return setting;
    }
}
