package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// RFC 6062 §5.3: connections that peers open to relays.
class ConnectionAttemptTest {

    private static final AllocationId FIRST = new AllocationId(1);
    private static final String PEER = "8.8.8.9:5000";

    private static final Owner ALICE = new Owner(TurnScript.REALM, "alice");

    private final PeerConnections connections = new PeerConnections();
    private final TurnScript turn = TurnScript.setting().withTcp(connections, 2).start();
    private final ScriptClient alice = turn.tcpClient("alice");

    @Test
    @Rfc("6062 §5.3")
    void aPeerWithAPermissionIsAnnouncedToTheClient() {
        allocatedWithPermission();

        List<Effect> effects = arrives(7, PEER).ignored();

        ConnectionId id = ((Effect.Tcp.Admit) effects.getFirst()).id();
        assertThat(effects.getFirst()).isEqualTo(new Effect.Tcp.Admit(FIRST, 7, id));
        Effect.Tcp.Announce announce = (Effect.Tcp.Announce) effects.getLast();
        assertThat(Announced.seen(announce.to(), announce.message()))
                .isEqualTo(new Announced(alice.tuple(), TestAddresses.of(PEER), id));
        assertThat(effects).hasSize(2);
        assertThat(connections.bind(id, ALICE)).isTrue();
    }

    @Test
    @Rfc("6062 §5.3")
    void aPeerWithoutAPermissionIsTurnedAway() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");

        arrives(1, PEER).expect(turnedAway(1, DropReason.NO_PERMISSION));
        assertThat(connections.held()).isZero();
    }

    @Test
    @Rfc("6062 §5.3")
    void aPermissionThatHasEndedLetsNobodyIn() {
        allocatedWithPermission();
        turn.passes(Duration.ofMinutes(5)).ignored();

        arrives(1, PEER).expect(turnedAway(1, DropReason.NO_PERMISSION));
    }

    @Test
    void aPeerFromALowPortMayComeSinceItOnlyAnswersForItself() {
        allocatedWithPermission();

        admitted(1, "8.8.8.9:22");
    }

    @Test
    void ourOwnListenersAreNoPeers() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.own.endpoints.add(TestAddresses.of(PEER));
        TurnScript server = setting.withTcp(connections, 2).start();
        ScriptClient bob = server.tcpClient("bob");
        server.allocatedTcp(bob, 1, "198.51.100.1:50000");
        server.receives(bob, bob.createPermission(PEER)).ignored();

        server.happens(new Event.Tcp.Arrived(FIRST, 1, TestAddresses.of(PEER)))
                .expect(turnedAway(1, DropReason.PEER_DENIED));
    }

    @Test
    @Rfc("6062 §5.3")
    void aConnectionThatNobodyBindsIsClosedAfterThirtySeconds() {
        allocatedWithPermission();
        ConnectionId id = admitted(1, PEER);

        turn.passes(Duration.ofSeconds(29)).expect();
        turn.passes(Duration.ofSeconds(1))
                .expect(new Effect.Tcp.Close(id, PeerCloseReason.NOT_BOUND));
        assertThat(connections.held()).isZero();
    }

    @Test
    void onePeerMayComeFromSeveralPorts() {
        allocatedWithPermission();

        assertThat(admitted(1, PEER)).isNotEqualTo(admitted(2, "8.8.8.9:5001"));
    }

    @Test
    void aPeerThatIsStillConnectedIsTurnedAway() {
        allocatedWithPermission();
        ConnectionId id = admitted(1, PEER);

        arrives(2, PEER).expect(turnedAway(2, DropReason.PEER_CONNECTED));
        turn.happens(new Event.Tcp.Closed(id)).expect();
        admitted(3, PEER);
    }

    @Test
    void pastTheLimitPeersAreTurnedAway() {
        allocatedWithPermission();
        admitted(1, "8.8.8.9:5001");
        admitted(2, "8.8.8.9:5002");

        arrives(3, "8.8.8.9:5003").expect(turnedAway(3, DropReason.CONNECTION_LIMIT));
    }

    @Test
    void aPeerThatComesBeforeTheAllocationIsCompleteIsTurnedAway() {
        StunMessage both = alice.allocateTcp(builder -> builder.with(ADDITIONAL_ADDRESS_FAMILY, 2));
        turn.receives(alice, both).ignored();
        turn.relayOpens(1, "198.51.100.1:50000").expect();

        arrives(1, PEER).expect(turnedAway(1, DropReason.NO_ALLOCATION));
    }

    private void allocatedWithPermission() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();
    }

    private ConnectionId admitted(long arrival, String peer) {
        return ((Effect.Tcp.Admit) arrives(arrival, peer).ignored().getFirst()).id();
    }

    private TurnScript.Outcome arrives(long arrival, String peer) {
        return turn.happens(new Event.Tcp.Arrived(FIRST, arrival, TestAddresses.of(peer)));
    }

    private static Effect turnedAway(long arrival, DropReason reason) {
        return new Effect.Tcp.TurnAway(FIRST, arrival, reason);
    }
}
