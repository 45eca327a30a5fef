package io.hairpin.server.core;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.ErrorCode.ALLOCATION_QUOTA_REACHED;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.Advisory;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How other servers lost count of what they had given, or gave it to somebody else.
class ResourceAdvisoriesTest {

    private static final int HERE = 1;
    private static final int MANY = 1000;

    private final TurnScript.Setting setting = TurnScript.setting();

    ResourceAdvisoriesTest() {
        setting.mobility = new Mobility(HERE, new TestSeal());
        setting.staleNonce = Duration.ofDays(1000);
    }

    @Test
    @Advisory("coturn#1969")
    void coturn1969ATicketMovesNothingForAnotherUser() {
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        allocated(turn, alice, 1);
        ScriptClient bob = turn.client("bob");

        for (StunMessage stolen :
                List.of(bob.refresh(600, ticket(1, 0)), bob.refresh(0, ticket(1, 0)))) {
            turn.receives(bob, stolen).expect(bob.error(stolen, WRONG_CREDENTIALS));
        }

        assertThat(turn.allocation(1).client()).isEqualTo(alice.tuple());
        assertThat(turn.core.isTaken(bob.tuple())).isFalse();
    }

    @Test
    @Advisory("coturn#1969")
    void coturn1969ATicketStandsForNoPassword() {
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        allocated(turn, alice, 1);
        ScriptClient mallory = turn.client("alice", "guessed");
        StunMessage stolen = mallory.refresh(600, ticket(1, 0));

        turn.receives(mallory, stolen).expect(mallory.challenge(stolen, UNAUTHENTICATED));

        assertThat(turn.allocation(1).client()).isEqualTo(alice.tuple());
    }

    /// However often a client resumes, it is known by two 5-tuples at most.
    @Test
    @Advisory("GHSA-hpq3-g7x4-h7xx")
    void ghsaHpq3ResumingWithoutArrivingKeepsOnePathOnly() {
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        allocated(turn, alice, 1);
        List<FiveTuple> tuples = new ArrayList<>(List.of(alice.tuple()));

        for (int move = 0; move < MANY; move++) {
            ScriptClient there = turn.client("alice");
            turn.receives(there, there.refresh(600, ticket(1, move))).ignored();
            tuples.add(there.tuple());
        }

        assertThat(tuples.stream().filter(turn.core::isTaken))
                .containsExactly(tuples.getFirst(), tuples.getLast());
        assertThat(turn.quotas.held()).isEqualTo(1);
        turn.receives(alice, alice.refresh(0)).ignored();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    /// A client whose connection ends goes on holding what it may come back to.
    @Test
    @Advisory("GHSA-f6hc-79w3-p8pq")
    void ghsaF6hcAClosedConnectionGivesNoQuotaBackThatIsStillUsed() {
        setting.quotas = new Quotas(1000, 2);
        TurnScript turn = setting.start();
        for (int i = 1; i <= 2; i++) {
            ScriptClient client = turn.tcpClient("alice");
            allocated(turn, client, i);
            turn.connectionCloses(client).ignored();
        }

        refusesAnother(turn);
        assertThat(turn.quotas.held()).isEqualTo(2);

        ScriptClient back = turn.tcpClient("alice");
        turn.receives(back, back.refresh(600, ticket(1, 0))).ignored();
        turn.connectionCloses(back).ignored();
        ScriptClient again = turn.tcpClient("alice");
        turn.receives(again, again.refresh(600, ticket(1, 1))).ignored();
        turn.connectionCloses(again).ignored();
        refusesAnother(turn);
        assertThat(turn.quotas.held()).isEqualTo(2);

        turn.passes(Duration.ofMinutes(10)).ignored();
        assertThat(turn.quotas.held()).isZero();
        assertThat(Leftovers.in(turn.quotas)).isEmpty();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Advisory("GHSA-847g-qmc6-6m4r")
    void ghsa847gEveryPortAskedForAsEvenIsGivenBack(boolean reserve) {
        setting.limit(Resource.RESERVATION, new Quotas(1, 1));
        setting.quotas = new Quotas(1, 1);
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        int opened = 0;
        int closed = 0;

        for (int id = 1; id <= 3 * MANY; id++) {
            List<Effect> asked =
                    turn.receives(alice, alice.allocate(more -> more.with(EVEN_PORT, reserve)))
                            .ignored();
            opened += count(asked, Effect.OpenRelay.class);
            List<Effect> ended = new ArrayList<>();
            switch (id % 3) {
                case 0 -> turn.relayFails(id, IPV4).ignored();
                case 1 -> {
                    opens(turn, id, reserve);
                    ended.addAll(turn.receives(alice, alice.refresh(0)).ignored());
                }
                default -> {
                    opens(turn, id, reserve);
                    ended.addAll(turn.passes(Duration.ofMinutes(10)).ignored());
                }
            }
            closed += count(ended, Effect.CloseRelay.class) + (id % 3 == 0 ? 1 : 0);
            turn.passes(Duration.ofSeconds(30)).ignored(); // the end of a reservation
        }

        assertThat(opened).isEqualTo(3 * MANY);
        assertThat(closed).isEqualTo(opened);
        assertThat(turn.reservations.held()).isZero();
        assertThat(Leftovers.in(turn.reservations)).isEmpty();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    @Advisory("coturn#1932")
    void coturn1932PermissionsAndChannelsHaveALimit() {
        int limit = 64;
        setting.policy = TestPolicies.withLimits(limit, limit);
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, "198.51.100.1:50000");

        for (int i = 0; i < MANY; i++) {
            String peer = "8.8.%d.%d:1".formatted(i / 200, 1 + i % 200);
            StunMessage request =
                    i % 2 == 0 ? alice.createPermission(peer) : alice.channelBind(0x4000 + i, peer);
            List<Effect> effects = turn.receives(alice, request).ignored();
            if (i >= limit) {
                assertThat(effects)
                        .singleElement()
                        .isInstanceOfSatisfying(
                                Effect.Reject.class,
                                reject ->
                                        assertThat(reject.code()).isEqualTo(INSUFFICIENT_CAPACITY));
            }
        }

        assertThat(turn.allocation(1).permissions.size()).isEqualTo(limit);
        assertThat(turn.allocation(1).channels.size()).isEqualTo(limit / 2);
    }

    private static void opens(TurnScript turn, long id, boolean reserve) {
        turn.relayOpens(id, "198.51.100.1:50000", reserve ? "198.51.100.1:50001" : null).ignored();
    }

    private static void refusesAnother(TurnScript turn) {
        ScriptClient another = turn.client("alice");
        StunMessage request = another.allocate();
        turn.receives(another, request).expect(another.error(request, ALLOCATION_QUOTA_REACHED));
    }

    /// An allocation with a ticket.
    private static void allocated(TurnScript turn, ScriptClient client, long id) {
        turn.receives(client, client.allocate(more -> more.with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(id, "198.51.100.1:" + (50_000 + 2 * id)).ignored();
    }

    private static byte[] ticket(long allocation, int issue) {
        return TestSeal.ticket(HERE, allocation, issue);
    }

    private static int count(List<Effect> effects, Class<? extends Effect> kind) {
        return (int) effects.stream().filter(kind::isInstance).count();
    }
}
