package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.server.core.Transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.time.Duration;

/// What operators see of what clients do.
class MetricsIT {

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatPassesIsCountedUnderTheListenerOfTheClient(Transport transport) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, transport, IPV4)) {
            String listener =
                    "listener=\"%s\"".formatted(Text.of(Clients.address(server, transport, IPV4)));
            String over = "transport=\"%s\"".formatted(Text.of(transport));
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(0x4000, peer.address());
            client.sendChannel(0x4000, new byte[100]);
            peer.receive();
            client.sendChannel(0x4001, new byte[100]); // which is not bound
            peer.send(new byte[30], relayed);
            assertThat(client.receive(Duration.ofSeconds(5))).isPresent();

            assertThat(Metrics.sum(server, "hairpin_allocations_active", listener, over))
                    .isEqualTo(1);
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(1);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_relayed_bytes_total",
                                    listener,
                                    "direction=\"to_peer\""))
                    .isEqualTo(100);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_relayed_bytes_total",
                                    listener,
                                    "direction=\"to_client\""))
                    .isEqualTo(30);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_dropped_packets_total",
                                    listener,
                                    "reason=\"unbound_channel\""))
                    .isEqualTo(1);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_requests_total",
                                    listener,
                                    "method=\"allocate\""))
                    .isEqualTo(2);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_answers_total",
                                    listener,
                                    "method=\"allocate\"",
                                    "code=\"401\""))
                    .isEqualTo(1);
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_answers_total",
                                    listener,
                                    "method=\"allocate\"",
                                    "code=\"success\""))
                    .isEqualTo(1);
        }
    }
}
