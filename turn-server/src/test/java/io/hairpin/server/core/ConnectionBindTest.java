package io.hairpin.server.core;

import static io.hairpin.stun.ErrorCode.BAD_REQUEST;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/// RFC 6062 §5.4: a client's connection is joined with a peer's.
class ConnectionBindTest {

    private static final String PEER = "8.8.8.9:5000";

    private static final Owner ALICE = new Owner(TurnScript.REALM, "alice");

    private final PeerConnections connections = new PeerConnections();
    private final TurnScript turn = TurnScript.setting().withTcp(connections, 2).start();
    private final ScriptClient alice = turn.tcpClient("alice");
    private final ScriptClient data = turn.tcpClient("alice");

    @Test
    @Rfc("6062 §5.4")
    void joinsTheConnectionsAfterTheAnswer() {
        ConnectionId id = connected();
        StunMessage request = data.connectionBind(id);

        turn.receives(data, request)
                .expect(data.success(request), new Effect.Tcp.Join(data.tuple(), id));
    }

    @Test
    @Rfc("6062 §5.4")
    void mayComeOnAnotherShardAndOverTls() {
        TurnScript other = TurnScript.setting().withTcp(connections, 2).start();
        ScriptClient there = other.client("alice", Transport.TLS);
        ConnectionId id = connected();
        StunMessage request = there.connectionBind(id);

        other.receives(there, request)
                .expect(there.success(request), new Effect.Tcp.Join(there.tuple(), id));
        turn.passes(Duration.ofSeconds(30)).expect();
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "DTLS"})
    @Rfc("6062 §5.4")
    void isForStreams(Transport transport) {
        ConnectionId id = connected();

        refuses(turn.client("alice", transport), id);
        assertThat(connections.bind(id, ALICE)).isTrue();
    }

    @Test
    @Rfc("6062 §5.4")
    void anIdThatIsMissingOrUnknownIsBad() {
        ConnectionId id = connected();

        refuses(data, data.request(Method.CONNECTION_BIND, builder -> builder));
        refuses(
                data,
                data.request(
                        Method.CONNECTION_BIND,
                        builder ->
                                builder.with(
                                        TestAttributes.raw(Attributes.CONNECTION_ID),
                                        new byte[3])));
        refuses(data, new ConnectionId(id.value() ^ 1));
    }

    @Test
    @Rfc("6062 §5.4")
    void aConnectionIsBoundOnce() {
        ConnectionId id = connected();
        turn.receives(data, data.connectionBind(id)).ignored();

        refuses(turn.tcpClient("alice"), id);
    }

    @Test
    @Rfc("6062 §5.4")
    void aConnectionThatIsNotOpenYetCannotBeBound() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        ConnectionId id = connects();

        refuses(data, id);
    }

    @Test
    @Rfc("6062 §5.4")
    void aConnectionThatHasEndedCannotBeBound() {
        ConnectionId gone = connected();
        turn.happens(new Event.Tcp.Closed(gone)).expect();
        refuses(data, gone);

        ConnectionId late = connectedAgain();
        turn.passes(Duration.ofSeconds(30)).ignored();
        refuses(data, late);
    }

    @Test
    @Rfc({"6062 §4.3", "6062 §5.4"})
    void theConnectionOfAnotherUserCannotBeBound() {
        ConnectionId id = connected();

        refuses(turn.tcpClient("bob"), id);
        assertThat(connections.bind(id, ALICE)).isTrue();
    }

    @Test
    void aConnectionThatHasAnAllocationStaysTheControlConnection() {
        ConnectionId id = connected();

        refuses(alice, id);
        turn.receives(data, data.allocate()).ignored();
        refuses(data, id);
    }

    @Test
    void whereTcpIsOffThereIsNoSuchRequest() {
        TurnScript off = TurnScript.start();
        ScriptClient bob = off.tcpClient("bob");
        StunMessage request = bob.connectionBind(new ConnectionId(1));

        off.receives(bob, request).expect(bob.error(request, BAD_REQUEST));
    }

    private void refuses(ScriptClient client, ConnectionId id) {
        refuses(client, client.connectionBind(id));
    }

    private void refuses(ScriptClient client, StunMessage request) {
        turn.receives(client, request).expect(client.error(request, BAD_REQUEST));
    }

    private ConnectionId connected() {
        turn.allocatedTcp(alice, 1, "198.51.100.1:50000");
        return connectedAgain();
    }

    private ConnectionId connectedAgain() {
        ConnectionId id = connects();
        turn.happens(new Event.Tcp.Connected(id)).ignored();
        return id;
    }

    private ConnectionId connects() {
        return ((Effect.Tcp.Connect) turn.receives(alice, alice.connect(PEER)).ignored().getFirst())
                .id();
    }
}
