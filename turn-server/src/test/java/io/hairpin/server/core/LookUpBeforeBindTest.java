package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.lookUp;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.SERVER_ERROR;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// A ConnectionBind request (RFC 6062 §5.4) of somebody whom only a store knows: it comes on a
/// connection of its own, and what it is about may be gone before the store answers.
class LookUpBeforeBindTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIME_TO_BIND = Duration.ofSeconds(30);

    private final PeerConnections connections = new PeerConnections();
    private final Quotas waiting = new Quotas(2, 2);
    private final TurnScript turn = setting().start();
    private final ScriptClient control = turn.client("carol", "secret", Transport.TCP);
    private final ScriptClient data = turn.client("carol", "secret", Transport.TCP);
    private final ConnectionId id = connected();
    private final StunMessage request = data.connectionBind(id);

    @Test
    void theConnectionsAreJoinedOnceItsUserIsFound() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.receives(data, request).expect(data.drop(DropReason.AUTHENTICATION_PENDING));

        turn.finds(2, data.credential())
                .expect(data.success(request), new Effect.Tcp.Join(data.tuple(), id));

        turn.passes(TIME_TO_BIND).expect();
    }

    @Test
    void whoeverIsNotFoundIsRefusedAndTheConnectionWaitsOn() {
        turn.receives(data, request).expect(lookUp(2, data));

        turn.finds(2).expect(data.challenge(request, UNAUTHENTICATED));

        assertItWaits();
    }

    @Test
    void aWrongPasswordIsRefusedAndTheConnectionWaitsOn() {
        ScriptClient mallory = turn.client("carol", "guessed", Transport.TCP);
        StunMessage guess = mallory.connectionBind(id);
        turn.receives(mallory, guess).expect(lookUp(2, mallory));

        turn.finds(2, control.credential()).expect(mallory.challenge(guess, UNAUTHENTICATED));

        assertItWaits();
    }

    @Test
    void anotherUserThatIsFoundDoesNotGetTheConnection() {
        ScriptClient dave = turn.client("dave", "secret", Transport.TCP);
        StunMessage stolen = dave.connectionBind(id);
        turn.receives(dave, stolen).expect(lookUp(2, dave));

        turn.finds(2, dave.credential()).expect(dave.error(stolen, BAD_REQUEST));

        assertItWaits();
    }

    @Test
    void whereTheStoreFailsTheSameRequestMayComeAgain() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.findsOutNothing(2).expect(Answer.error(data.tuple(), request, SERVER_ERROR));
        turn.receives(data, request).expect(lookUp(3, data));
        turn.passes(TIMEOUT).expect(Answer.error(data.tuple(), request, SERVER_ERROR));
        turn.receives(data, request).expect(lookUp(4, data));

        turn.finds(4, data.credential())
                .expect(data.success(request), new Effect.Tcp.Join(data.tuple(), id));
    }

    @Test
    void aConnectionThatThePeerHasClosedByThenIsNotJoined() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.happens(new Event.Tcp.Closed(id)).expect();

        turn.finds(2, data.credential()).expect(data.error(request, BAD_REQUEST));
    }

    @Test
    void theTimeToBindGoesOnWhileTheUserIsLookedUp() {
        turn.waits(TIME_TO_BIND.minusSeconds(1));
        turn.receives(data, request).expect(lookUp(2, data));
        turn.passes(Duration.ofSeconds(1))
                .expect(new Effect.Tcp.Close(id, PeerCloseReason.NOT_BOUND));

        turn.finds(2, data.credential()).expect(data.error(request, BAD_REQUEST));
    }

    @Test
    void anAllocationThatHasEndedByThenTakesItsConnectionsAlong() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.connectionCloses(control).ignored();

        turn.finds(2, data.credential()).expect(data.error(request, BAD_REQUEST));
    }

    @Test
    void whoeverIsGoneByThenLeavesTheConnectionToOthers() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.connectionCloses(data).expect();

        turn.finds(2, data.credential()).expect();

        assertItWaits();
    }

    @Test
    void ofTwoThatAreLookedUpTheFirstToBeFoundIsJoined() {
        ScriptClient other = turn.client("carol", "secret", Transport.TCP);
        StunMessage second = other.connectionBind(id);
        turn.receives(data, request).expect(lookUp(2, data));
        turn.receives(other, second).expect(lookUp(3, other));

        turn.finds(3, other.credential())
                .expect(other.success(second), new Effect.Tcp.Join(other.tuple(), id));
        turn.finds(2, data.credential()).expect(data.error(request, BAD_REQUEST));
    }

    @Test
    void aConnectionThatHasAskedForAnAllocationByThenIsNoPlaceForData() {
        turn.receives(data, request).expect(lookUp(2, data));
        turn.receives(data, data.allocate()).expect(lookUp(3, data));
        turn.finds(3, data.credential()).expect(openRelay(2, data, IPV4, ANY_PORT));

        turn.finds(2, data.credential()).expect(data.error(request, BAD_REQUEST));

        assertItWaits();
    }

    private ConnectionId connected() {
        turn.receives(control, control.allocateTcp()).expect(lookUp(1, control));
        turn.finds(1, control.credential()).ignored();
        turn.relayOpens(1, "198.51.100.1:50000").ignored();
        ConnectionId made =
                ((Effect.Tcp.Connect)
                                turn.receives(control, control.connect("8.8.8.9:5000"))
                                        .ignored()
                                        .getFirst())
                        .id();
        turn.happens(new Event.Tcp.Connected(made)).ignored();
        return made;
    }

    /// Nobody is looked up any more, and the connection can still be had.
    private void assertItWaits() {
        assertThat(waiting.held()).isZero();
        assertThat(connections.bind(id, new Owner(TurnScript.REALM, "carol"))).isTrue();
    }

    private TurnScript.Setting setting() {
        TurnScript.Setting setting = TurnScript.setting().withTcp(connections, 2);
        setting.lookUpTimeout = TIMEOUT;
        return setting.limit(Resource.AUTHENTICATION, waiting);
    }
}
