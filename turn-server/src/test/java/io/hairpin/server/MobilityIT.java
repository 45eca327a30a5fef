package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// Clients that move, from transport to transport and from shard to shard (RFC 8016). There are so
/// many shards and moves that some are sure to be from one shard to another.
class MobilityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int BURST = 100;

    private static final List<Transport> JOURNEY =
            List.of(
                    Transport.TCP,
                    Transport.UDP,
                    Transport.DTLS,
                    Transport.UDP,
                    Transport.TLS,
                    Transport.UDP,
                    Transport.TCP,
                    Transport.UDP,
                    Transport.UDP,
                    Transport.TLS,
                    Transport.DTLS,
                    Transport.TCP);

    /// A client with its ticket.
    private static final class Traveller {

        private final TurnClient client;
        private final InetSocketAddress relayed;
        private final byte[] ticket;

        private Traveller(TurnClient client, InetSocketAddress relayed, byte[] ticket) {
            this.client = client;
            this.relayed = relayed;
            this.ticket = ticket;
        }

        TurnClient client() {
            return client;
        }

        InetSocketAddress relayed() {
            return relayed;
        }

        static Traveller begin(TurnServer server, Transport transport) {
            TurnClient client = Clients.of(server, transport, IPV4);
            StunMessage response =
                    client.request(
                            Method.ALLOCATE,
                            request ->
                                    request.with(Attributes.REQUESTED_TRANSPORT, 17)
                                            .with(Attributes.MOBILITY_TICKET, new byte[0]));
            return new Traveller(
                    client,
                    response.find(Attributes.XOR_RELAYED_ADDRESS).orElseThrow(),
                    response.find(Attributes.MOBILITY_TICKET).orElseThrow());
        }

        Traveller to(TurnServer server, Transport transport) {
            TurnClient next = Clients.of(server, transport, IPV4);
            return new Traveller(next, relayed, next.takeOver(ticket, LIFETIME));
        }

        void hears(TestPeer peer, String text) throws Exception {
            peer.send(text.getBytes(US_ASCII), relayed);
            Received received = client.receive(PATIENCE).orElseThrow();
            assertThat(new String(received.bytes(), US_ASCII)).isEqualTo(text);
        }

        void says(TestPeer peer, String text) throws Exception {
            client.send(peer.address(), text.getBytes(US_ASCII));
            assertThat(peer.receive()).asString(US_ASCII).isEqualTo(text);
            assertThat(peer.lastSender()).isEqualTo(relayed);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aCallGoesOnWhileItsClientMoves(SocketKind kind) throws Exception {
        TestConfiguration shards = TestConfiguration.loopback().threads(4);
        try (TurnServer server = OnePort.plain().rest(shards).on(kind).startMobile();
                TestPeer peer = TestPeer.open(IPV4)) {
            Traveller now = Traveller.begin(server, Transport.UDP);
            now.client().createPermission(peer.address().getAddress());
            now.hears(peer, "hello");
            for (int move = 0; move < JOURNEY.size(); move++) {
                Traveller next = now.to(server, JOURNEY.get(move));

                now.hears(peer, "still here " + move);
                next.says(peer, "now there " + move);
                for (int i = 0; i < BURST; i++) {
                    peer.send(("move " + move + " packet " + i).getBytes(US_ASCII), now.relayed());
                }
                for (int i = 0; i < BURST; i++) {
                    Received received = next.client().receive(PATIENCE).orElseThrow();
                    assertThat(new String(received.bytes(), US_ASCII))
                            .isEqualTo("move " + move + " packet " + i);
                }
                for (int i = 0; i < BURST; i++) {
                    next.says(peer, "said " + i);
                }

                assertThat(now.client().receive(Duration.ZERO)).isEmpty();
                now.client().vanish();
                now = next;
            }
            now.client().channelBind(0x4000, peer.address());
            now.client().sendChannel(0x4000, "by channel".getBytes(US_ASCII));
            assertThat(peer.receive()).asString(US_ASCII).isEqualTo("by channel");
            now.hears(peer, "by channel too");

            assertThat(Metrics.sum(server, "hairpin_allocations_moved_total"))
                    .isEqualTo(JOURNEY.size());
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(1);
            assertThat(Metrics.sum(server, "hairpin_allocations_active", "transport=\"tcp\""))
                    .isEqualTo(1);
            now.client().close();
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isZero();
            assertThat(Metrics.sum(server, "hairpin_allocations_closed_total", "deleted"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theEndOfTheOldConnectionIsAsGoodAsData(Transport next) throws Exception {
        TestConfiguration shards = TestConfiguration.loopback().threads(4);
        try (TurnServer server = OnePort.plain().rest(shards).startMobile();
                TestPeer peer = TestPeer.open(IPV4)) {
            Traveller before = Traveller.begin(server, Transport.TLS);
            before.client().createPermission(peer.address().getAddress());
            Traveller after = before.to(server, next);

            before.client().vanish();
            await().until(() -> Metrics.sum(server, "hairpin_allocations_moved_total") == 1);

            after.hears(peer, "welcome");
            after.client().close();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aClientWhoseConnectionEndedComesBackByAnother(Transport next) throws Exception {
        TestConfiguration shards = TestConfiguration.loopback().threads(4);
        try (TurnServer server = OnePort.plain().rest(shards).startMobile();
                TestPeer peer = TestPeer.open(IPV4)) {
            Traveller before = Traveller.begin(server, Transport.TCP);
            before.client().createPermission(peer.address().getAddress());
            before.client().vanish();
            byte[] unheard = "is anybody there".getBytes(US_ASCII);
            await().until(
                            () -> {
                                peer.send(unheard, before.relayed());
                                return Metrics.sum(
                                                server,
                                                "hairpin_dropped_packets_total",
                                                "client_away")
                                        > 0;
                            });

            Traveller after = before.to(server, next);

            after.hears(peer, "welcome back");
            after.says(peer, "thank you");
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(1);
            after.client().close();
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isZero();
        }
    }

    @Test
    void aClientThatMovedMayMakeAnAllocationWhereItWasBefore() throws Exception {
        TestConfiguration shards = TestConfiguration.loopback().threads(4);
        try (TurnServer server = OnePort.plain().rest(shards).startMobile();
                TestPeer peer = TestPeer.open(IPV4)) {
            Traveller before = Traveller.begin(server, Transport.UDP);
            before.client().createPermission(peer.address().getAddress());
            Traveller after = before.to(server, Transport.TCP);
            after.says(peer, "moved");

            Allocation another = before.client().allocate(AllocateOptions.udp().mobile());

            assertThat(another.relayedAddress()).isNotEqualTo(after.relayed());
            before.client().close();
            after.hears(peer, "still there");
            after.client().close();
        }
    }
}
