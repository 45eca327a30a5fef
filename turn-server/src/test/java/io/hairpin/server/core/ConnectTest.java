package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.CONNECTION_ALREADY_EXISTS;
import static io.hairpin.stun.ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/// RFC 6062 §5.2: connections that clients open to peers.
class ConnectTest {

    private static final String PEER = "8.8.8.9:5000";
    private static final String OTHER_PEER = "8.8.8.9:5001";

    private static final Owner ALICE = new Owner(TurnScript.REALM, "alice");

    private final PeerConnections connections = new PeerConnections();
    private final TurnScript turn = setting(3, 3).withTcp(connections, 2).start();
    private final ScriptClient alice = turn.tcpClient("alice");

    @Test
    @Rfc("6062 §5.2")
    void theAnswerWaitsUntilThePeerHas() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        StunMessage request = alice.connect(PEER);

        ConnectionId id = connects(alice, request, PEER);
        turn.happens(new Event.Tcp.Connected(id))
                .expect(alice.success(request).with(CONNECTION_ID, id.value()));
        assertThat(connections.held()).isEqualTo(1);
    }

    @Test
    @Rfc("6062 §5.2")
    void aPeerThatCannotBeReachedGives447AndLeavesNothing() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        StunMessage request = alice.connect(PEER);
        ConnectionId id = connects(alice, request, PEER);

        turn.happens(new Event.Tcp.Failed(id, "refused"))
                .expect(alice.error(request, CONNECTION_TIMEOUT_OR_FAILURE));
        assertThat(connections.held()).isZero();
        connects(alice, alice.connect(PEER), PEER);
    }

    @Test
    @Rfc("6062 §5.2")
    void withoutAnAllocationItIsAMismatch() {
        refuses(alice.connect(PEER), ALLOCATION_MISMATCH);
    }

    @Test
    @Rfc("6062 §5.2")
    void anotherUsersHasTheWrongCredentials() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage request = bob.connect(PEER);

        turn.receivesOn(alice, bob, request).expect(bob.error(request, WRONG_CREDENTIALS));
    }

    @Test
    void anAllocationOfUdpHasNoConnections() {
        turn.allocated(alice, 1, "198.51.100.1:50000");

        refuses(alice.connect(PEER), BAD_REQUEST);
    }

    @Test
    void whereTcpIsOffThereIsNoSuchRequest() {
        TurnScript off = TurnScript.start();
        ScriptClient bob = off.tcpClient("bob");
        StunMessage request = bob.connect(PEER);

        off.receives(bob, request).expect(bob.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("6062 §5.2")
    void aPeerThatIsBeingConnectedIsNotConnectedTwice() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        connects(alice, alice.connect(PEER), PEER);

        refuses(alice.connect(PEER), CONNECTION_ALREADY_EXISTS);
        connects(alice, alice.connect(OTHER_PEER), OTHER_PEER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Rfc("6062 §5.2")
    void aPeerIsConnectedOnceUntilThatConnectionHasEnded(boolean bound) {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ConnectionId id = connected(alice, PEER);
        if (bound) {
            assertThat(connections.bind(id, ALICE)).isTrue();
        }

        refuses(alice.connect(PEER), CONNECTION_ALREADY_EXISTS);
        turn.happens(new Event.Tcp.Closed(id)).expect();
        connected(alice, PEER);
    }

    @Test
    @Rfc("6062 §5.2")
    void aPeerInIpv6ClothesIsTheSamePeer() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        connected(alice, PEER);

        refuses(alice.connect("[::ffff:8.8.8.9]:5000"), CONNECTION_ALREADY_EXISTS);
    }

    @Test
    @Rfc("6062 §5.2")
    void withoutAWellFormedPeerTheRequestIsBad() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");

        refuses(alice.request(Method.CONNECT, builder -> builder), BAD_REQUEST);
        refuses(
                alice.request(
                        Method.CONNECT,
                        builder ->
                                builder.with(
                                        TestAttributes.raw(Attributes.XOR_PEER_ADDRESS),
                                        new byte[3])),
                BAD_REQUEST);
    }

    @Test
    void aPeerOfAnotherFamilyIsAMismatch() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");

        refuses(alice.connect("[2a00:8::9]:5000"), PEER_ADDRESS_FAMILY_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8080",
                "10.1.2.3:8080",
                "169.254.169.254:8080",
                "8.8.8.9:0",
                "8.8.8.9:22",
                "8.8.8.9:80",
                "8.8.8.9:1023"
            })
    @Rfc("6062 §5.2")
    void whatThePolicyDoesNotOpenIsForbidden(String peer) {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");

        refuses(alice.connect(peer), FORBIDDEN);
        assertThat(connections.held()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.1:5000, false", // peers.allow
        "10.2.0.1:5000, true", // peers.tcp.allow
        "8.8.8.1:5000, false", // peers.deny
        "8.8.8.2:5000, false", // peers.tcp.deny
        "8.8.8.3:5000, true"
    })
    @Rfc("6062 §5.2")
    void thePolicyForTcpHasAllowancesOfItsOwnAndSharesTheDenials(String peer, boolean open) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.allow = List.of(Cidr.of("10.1.0.0/16"));
        setting.deny = List.of(Cidr.of("8.8.8.1/32"));
        setting.tcpAllow = List.of(Cidr.of("10.2.0.0/16"));
        setting.tcpDeny = List.of(Cidr.of("8.8.8.2/32"));
        TurnScript strict = setting.withTcp(connections, 2).start();
        ScriptClient bob = strict.tcpClient("bob");
        strict.allocatedTcp(bob, 1, "198.51.100.1:50000");
        StunMessage request = bob.connect(peer);

        List<Effect> effects = strict.receives(bob, request).ignored();

        assertThat(effects.getFirst())
                .isInstanceOf(open ? Effect.Tcp.Connect.class : Effect.Reject.class);
    }

    @Test
    @Rfc("6062 §5.2")
    void ourOwnListenersAreForbidden() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.own.endpoints.add(TestAddresses.of("198.51.100.1:3478"));
        TurnScript server = setting.withTcp(connections, 2).start();
        ScriptClient bob = server.tcpClient("bob");
        server.allocatedTcp(bob, 1, "198.51.100.1:50000");
        StunMessage request = bob.connect("198.51.100.1:3478");

        server.receives(bob, request).expect(bob.error(request, FORBIDDEN));
    }

    @Test
    void pastTheLimitOfTheAllocationThereIsNoCapacity() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        connected(alice, PEER);
        connected(alice, OTHER_PEER);

        refuses(alice.connect("8.8.8.9:5002"), INSUFFICIENT_CAPACITY);
    }

    @Test
    void pastTheLimitOfTheServerThereIsNoCapacity() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        turn.allocatedTcp(bob, 2, "198.51.100.1:50001");
        connected(alice, PEER);
        ConnectionId second = connected(alice, OTHER_PEER);
        connected(bob, PEER);
        StunMessage request = bob.connect(OTHER_PEER);

        turn.receives(bob, request).expect(bob.error(request, INSUFFICIENT_CAPACITY));
        turn.happens(new Event.Tcp.Closed(second)).expect();
        connected(bob, OTHER_PEER);
    }

    @Test
    @Rfc("6062 §5.2")
    void eachConnectionHasAnIdOfItsOwn() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");

        assertThat(connected(alice, PEER)).isNotEqualTo(connected(alice, OTHER_PEER));
    }

    @Test
    @Rfc("6062 §5.2")
    void aConnectionThatNobodyBindsIsClosedAfterThirtySeconds() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ConnectionId id = connected(alice, PEER);

        turn.passes(Duration.ofSeconds(29)).expect();
        turn.passes(Duration.ofSeconds(1))
                .expect(new Effect.Tcp.Close(id, PeerCloseReason.NOT_BOUND));
        assertThat(connections.held()).isZero();
        turn.happens(new Event.Tcp.Closed(id)).expect();
        connected(alice, PEER);
    }

    @Test
    @Rfc("6062 §5.2")
    void aConnectionThatIsBoundLastsOn() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ConnectionId id = connected(alice, PEER);
        assertThat(connections.bind(id, ALICE)).isTrue();

        turn.passes(Duration.ofSeconds(30)).expect();
        assertThat(connections.held()).isEqualTo(1);
    }

    @Test
    @Rfc("6062 §5.5")
    void theEndOfTheAllocationClosesItsConnectionsInWhateverState() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ConnectionId bound = connected(alice, PEER);
        assertThat(connections.bind(bound, ALICE)).isTrue();
        ConnectionId opening = connects(alice, alice.connect(OTHER_PEER), OTHER_PEER);

        List<Effect> effects = turn.connectionCloses(alice).ignored();

        assertThat(effects)
                .containsExactlyInAnyOrder(
                        new Effect.Tcp.Close(bound, PeerCloseReason.ALLOCATION_CLOSED),
                        new Effect.Tcp.Close(opening, PeerCloseReason.ALLOCATION_CLOSED),
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.CLIENT_CLOSED));
        assertThat(connections.held()).isZero();
        turn.happens(new Event.Tcp.Connected(opening)).expect();
        turn.happens(new Event.Tcp.Failed(opening, "too late")).expect();
        turn.happens(new Event.Tcp.Closed(bound)).expect();
    }

    @Test
    void theEndOfAPermissionClosesNoConnection() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();
        ConnectionId id = connected(alice, PEER);
        assertThat(connections.bind(id, ALICE)).isTrue();

        turn.passes(Duration.ofMinutes(6)).expect();
    }

    private static TurnScript.Setting setting(int connections, int perUser) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limit(Resource.PEER_CONNECTION, new Quotas(connections, perUser));
        return setting;
    }

    private void refuses(StunMessage request, ErrorCode code) {
        turn.receives(alice, request).expect(alice.error(request, code));
    }

    private ConnectionId connected(ScriptClient client, String peer) {
        StunMessage request = client.connect(peer);
        ConnectionId id = connects(client, request, peer);
        turn.happens(new Event.Tcp.Connected(id))
                .expect(client.success(request).with(CONNECTION_ID, id.value()));
        return id;
    }

    private ConnectionId connects(ScriptClient client, StunMessage request, String peer) {
        List<Effect> effects = turn.receives(client, request).ignored();
        assertThat(effects).hasSize(1);
        Effect.Tcp.Connect connect = (Effect.Tcp.Connect) effects.getFirst();
        assertThat(connect.peer()).isEqualTo(TestAddresses.of(peer));
        return connect.id();
    }
}
