package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How many reserved ports and connections with peers each user and each source may have, and that
/// each is given back once, whatever becomes of it.
class HoldingLimitsTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String RESERVED = "198.51.100.1:50001";
    private static final Owner ALICE = new Owner(TurnScript.REALM, "alice");

    private final Quotas reserved = new Quotas(10, 1);
    private final Quotas connected = new Quotas(10, 2);
    private final SourceQuotas reservedOf = new SourceQuotas(10, 10, List.of());
    private final SourceQuotas connectedOf = new SourceQuotas(10, 10, List.of());
    private final PeerConnections connections = new PeerConnections();
    private SharedLimits limits = limits(reservedOf, connectedOf);
    private final TurnScript turn = setting().start();
    private final ScriptClient alice = turn.tcpClient("alice");
    private long opened;

    @Test
    void aUserWithAsManyReservationsAsAllowedIsTold() {
        reserve(turn, alice);
        ScriptClient again = turn.client("alice");
        ScriptClient bob = turn.client("bob");
        StunMessage request = reserving(again);

        turn.receives(again, request).expect(again.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.RESERVATIONS_PER_USER)).isEqualTo(1);
        assertThat(turn.quotas.held()).isEqualTo(1);
        turn.receives(again, again.allocate()).expect(openRelay(++opened, again, IPV4, ANY_PORT));
        reserve(turn, bob);
        assertThat(reserved.held()).isEqualTo(2);
    }

    @Test
    void aSourceWithAsManyReservationsAsAllowedIsTold() {
        SourceQuotas one = new SourceQuotas(1, 10, List.of());
        limits = limits(one, connectedOf);
        TurnScript strict = setting().start();
        reserve(strict, strict.client("alice"));
        ScriptClient bob = strict.client("bob");
        StunMessage request = reserving(bob);

        strict.receives(bob, request).expect(bob.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.RESERVATIONS_PER_ADDRESS)).isEqualTo(1);
        strict.passes(Duration.ofSeconds(30)).ignored();
        assertThat(one.mostOfAddress()).isZero();
        reserve(strict, bob);
    }

    @Test
    void aReservationIsGivenBackOnEveryWayThatItEnds() {
        long token = reserve(turn, alice);
        turn.receives(alice, alice.refresh(0)).ignored();
        assertHeld(reserved, reservedOf, 1);
        ScriptClient other = turn.client("alice");
        turn.receives(other, other.allocate(each -> each.with(RESERVATION_TOKEN, token))).ignored();
        assertHeld(reserved, reservedOf, 0);
        turn.relayFails(++opened, IPV4).ignored();

        reserve(turn, alice);
        turn.passes(Duration.ofSeconds(30)).ignored();
        assertHeld(reserved, reservedOf, 0);

        turn.receives(alice, alice.refresh(0)).ignored();
        turn.receives(alice, reserving(alice)).ignored();
        assertHeld(reserved, reservedOf, 1);
        turn.relayFails(++opened, IPV4).ignored();
        assertHeld(reserved, reservedOf, 0);

        turn.receives(alice, reserving(alice)).ignored();
        turn.relayOpens(++opened, RELAYED).ignored(); // and no port beside it
        assertHeld(reserved, reservedOf, 0);

        turn.receives(alice, alice.refresh(0)).ignored();
        turn.receives(alice, reserving(alice)).ignored();
        turn.connectionCloses(alice).ignored();
        assertHeld(reserved, reservedOf, 1);
        turn.relayOpens(++opened, RELAYED, RESERVED).ignored();
        assertHeld(reserved, reservedOf, 0);
        assertNothingIsLeft();
    }

    @Test
    void aReservationThatAnotherCoreClaimsIsGivenBackOnce() {
        long token = reserve(turn, alice);
        TurnScript.Setting setting = setting();
        setting.reservations = turn.reservations;
        TurnScript shard = setting.start();
        ScriptClient there = shard.client("alice");

        shard.receives(there, there.allocate(each -> each.with(RESERVATION_TOKEN, token)))
                .ignored();
        assertHeld(reserved, reservedOf, 0);
        turn.passes(Duration.ofSeconds(30)).ignored();
        assertHeld(reserved, reservedOf, 0);
    }

    @Test
    void aReservationCountsWhereItWasMadeWhereverItsClientMoves() {
        turn.receives(
                        alice,
                        alice.allocate(
                                each ->
                                        each.with(EVEN_PORT, true)
                                                .with(MOBILITY_TICKET, new byte[0])))
                .ignored();
        turn.relayOpens(++opened, RELAYED, RESERVED).ignored();
        ScriptClient elsewhere = turn.client("alice");
        turn.receives(elsewhere, elsewhere.refresh(600, TestSeal.ticket(0, 1, 0))).ignored();
        turn.connectionCloses(alice).ignored();
        assertThat(turn.allocation(1).client()).isEqualTo(elsewhere.tuple());
        assertHeld(reserved, reservedOf, 1);
        assertThat(turn.quotas.held()).isEqualTo(1);

        turn.receives(elsewhere, elsewhere.refresh(0)).ignored();
        assertHeld(reserved, reservedOf, 1);
        turn.passes(Duration.ofSeconds(30)).ignored();
        assertHeld(reserved, reservedOf, 0);
        assertNothingIsLeft();
    }

    @Test
    void aUserWithAsManyConnectionsAsAllowedIsToldWhicheverAllocationTheyAreOf() {
        ScriptClient again = turn.tcpClient("alice");
        ScriptClient bob = turn.tcpClient("bob");
        allocatedTcp(alice, 1);
        allocatedTcp(again, 2);
        allocatedTcp(bob, 3);
        ConnectionId first = connect(alice, 1);
        connect(again, 1);
        StunMessage request = again.connect(peer(2));

        turn.receives(again, request).expect(again.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.PEER_CONNECTIONS_PER_USER)).isEqualTo(1);
        connect(bob, 1);
        turn.happens(new Event.Tcp.Closed(first)).expect();
        connect(again, 2);
        assertHeld(connected, connectedOf, 3);
    }

    @Test
    void aPeerOfAUserWithAsManyConnectionsAsAllowedIsTurnedAway() {
        allocatedTcp(alice, 1);
        turn.receives(alice, alice.createPermission(peer(1))).ignored();
        connect(alice, 2);
        connect(alice, 3);

        turn.happens(new Event.Tcp.Arrived(new AllocationId(1), 7, TestAddresses.of(peer(1))))
                .expect(
                        new Effect.Tcp.TurnAway(
                                new AllocationId(1), 7, DropReason.CONNECTION_LIMIT));
        assertHeld(connected, connectedOf, 2);
    }

    @Test
    void aSourceWithAsManyConnectionsAsAllowedIsTold() {
        SourceQuotas one = new SourceQuotas(1, 10, List.of());
        limits = limits(reservedOf, one);
        TurnScript strict = setting().start();
        ScriptClient client = strict.tcpClient("alice");
        strict.allocatedTcp(client, 1, RELAYED);
        strict.receives(client, client.connect(peer(1))).ignored();
        StunMessage request = client.connect(peer(2));

        strict.receives(client, request).expect(client.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.PEER_CONNECTIONS_PER_ADDRESS)).isEqualTo(1);
        assertThat(connected.held()).isEqualTo(1);
    }

    @Test
    void aConnectionIsGivenBackOnEveryWayThatItEnds() {
        allocatedTcp(alice, 1);
        turn.receives(alice, alice.createPermission(peer(1))).ignored();

        turn.happens(new Event.Tcp.Failed(connecting(alice, 1), "refused")).ignored();
        assertHeld(connected, connectedOf, 0);

        turn.happens(new Event.Tcp.Closed(connect(alice, 1))).ignored();
        assertHeld(connected, connectedOf, 0);

        connect(alice, 1);
        turn.passes(Duration.ofSeconds(30)).ignored();
        assertHeld(connected, connectedOf, 0);

        turn.happens(new Event.Tcp.Arrived(new AllocationId(1), 7, TestAddresses.of(peer(1))))
                .ignored();
        assertHeld(connected, connectedOf, 1);
        assertThat(connections.bind(connect(alice, 2), ALICE)).isTrue();
        ConnectionId opening = connecting(alice, 3);
        assertThat(connected.held()).as("the third was refused").isEqualTo(2);
        assertThat(opening.value()).isZero();
        turn.receives(alice, alice.refresh(0)).ignored();
        assertHeld(connected, connectedOf, 0);

        allocatedTcp(alice, 2);
        connecting(alice, 1);
        connect(alice, 2);
        turn.connectionCloses(alice).ignored();
        assertHeld(connected, connectedOf, 0);

        ScriptClient again = turn.tcpClient("alice");
        allocatedTcp(again, 3);
        assertThat(connections.bind(connect(again, 1), ALICE)).isTrue();
        turn.passes(Duration.ofMinutes(10)).ignored();
        assertHeld(connected, connectedOf, 0);
        assertNothingIsLeft();
    }

    private static SharedLimits limits(SourceQuotas reservations, SourceQuotas peerConnections) {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE)
                        .with(Resource.RESERVATION, reservations)
                        .with(Resource.PEER_CONNECTION, peerConnections),
                new SharedBandwidth(BandwidthLimits.NONE),
                new Refusals());
    }

    private TurnScript.Setting setting() {
        TurnScript.Setting setting = TurnScript.setting().withTcp(connections, 10);
        setting.limit(Resource.RESERVATION, reserved);
        setting.limit(Resource.PEER_CONNECTION, connected);
        setting.mobility = new Mobility(0, new TestSeal(), 1);
        setting.limits = limits;
        return setting;
    }

    private static void assertHeld(Quotas quotas, SourceQuotas sources, int held) {
        assertThat(quotas.held()).isEqualTo(held);
        assertThat(sources.mostOfAddress()).isEqualTo(held);
        assertThat(sources.mostOfNetwork()).isEqualTo(held);
        if (held == 0) {
            assertThat(Leftovers.in(quotas)).isEmpty();
        }
    }

    private void assertNothingIsLeft() {
        turn.passes(Duration.ofHours(1)).ignored();
        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.reservations.held()).isZero();
        assertThat(connections.held()).isZero();
        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    private static StunMessage reserving(ScriptClient client) {
        return client.allocate(each -> each.with(EVEN_PORT, true));
    }

    private long reserve(TurnScript at, ScriptClient client) {
        Effect.OpenRelay asked =
                (Effect.OpenRelay) at.receives(client, reserving(client)).ignored().getFirst();
        opened = asked.allocation().value();
        int port = 50_000 + 2 * (int) opened;
        Effect.Send answer =
                (Effect.Send)
                        at.relayOpens(opened, "198.51.100.1:" + port, "198.51.100.1:" + (port + 1))
                                .ignored()
                                .getLast();
        return answer.message().find(RESERVATION_TOKEN).orElseThrow();
    }

    private void allocatedTcp(ScriptClient client, long id) {
        turn.allocatedTcp(client, id, "198.51.100.1:" + (50_000 + id));
    }

    private static String peer(int number) {
        return "8.8.8." + number + ":5000";
    }

    private ConnectionId connect(ScriptClient client, int number) {
        ConnectionId id = connecting(client, number);
        turn.happens(new Event.Tcp.Connected(id)).ignored();
        return id;
    }

    /// Its id, or zero if it was refused.
    private ConnectionId connecting(ScriptClient client, int number) {
        Effect effect = turn.receives(client, client.connect(peer(number))).ignored().getFirst();
        return effect instanceof Effect.Tcp.Connect asked ? asked.id() : new ConnectionId(0);
    }
}
