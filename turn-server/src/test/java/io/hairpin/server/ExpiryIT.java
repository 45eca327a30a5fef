package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.server.core.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// What ends by itself, ends by itself: nobody sends anything that would remind the server.
class ExpiryIT {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void anAllocationThatIsNotRefreshedEndsAndItsRelayCloses() throws Exception {
        TestConfiguration shortLived =
                TestConfiguration.loopback()
                        .limit("default-lifetime", SECOND)
                        .limit("max-lifetime", SECOND);
        try (TurnServer server = TurnServer.start(shortLived.build());
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            var relayed = client.allocate(AllocateOptions.udp()).relayedAddress();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(
                            () ->
                                    Metrics.sum(
                                                    server,
                                                    "hairpin_allocations_closed_total",
                                                    "reason=\"expired\"")
                                            == 1);
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isZero();
            try (var freed = new java.net.DatagramSocket(relayed)) {
                assertThat(freed.isBound()).isTrue();
                assertThat(peer.address()).isNotEqualTo(relayed);
            }
        }
    }
}
