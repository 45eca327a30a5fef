package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.LOOPBACK_4;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Requests without credentials over UDP: how many are answered, and for whom the limits do not
/// hold. In every kind of socket.
@Timeout(120)
class FloodIT {

    private static final int PER_SOURCE = 100;
    private static final int REQUESTS = 300;
    private static final int BATCH = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private int transactions;

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void oneSourceIsAnsweredItsShareUntilItHasAuthenticated(SocketKind kind) throws Exception {
        assumeTrue(kind.isAvailable());
        try (TurnServer server =
                        TurnServer.start(TestConfiguration.loopback().threads(1).build(), kind);
                TestPeer stranger = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            InetSocketAddress listener = Clients.address(server, Transport.UDP, IPV4);
            long start = System.nanoTime();
            flood(server, stranger, listener);
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0 + 0.1;

            double answers = Metrics.sum(server, "hairpin_answers_total");
            assertThat(answers).isBetween(1.0 * PER_SOURCE, PER_SOURCE * (1 + seconds));
            assertThat(dropped(server, "unauthenticated_per_source")).isEqualTo(REQUESTS - answers);

            client.allocate(
                    AllocateOptions.udp()); // from the same address, by asking again if need be
            flood(server, stranger, listener);
            assertThat(Metrics.sum(server, "hairpin_answers_total"))
                    .isGreaterThanOrEqualTo(answers + REQUESTS);
            client.createPermission(LOOPBACK_4);
        }
    }

    @Test
    void whoIsConnectedIsAnsweredThroughout() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                TurnClient client = Clients.of(server, Transport.TCP, IPV4)) {
            for (int i = 0; i < 2 * PER_SOURCE; i++) {
                StunMessage binding = StunMessage.request(Method.BINDING, transaction()).build();
                assertThat(client.exchange(binding).has(Attributes.XOR_MAPPED_ADDRESS)).isTrue();
            }
            assertThat(dropped(server, "unauthenticated")).isZero();
        }
    }

    /// Half of them for a Binding, half for an allocation. Waits until all have been dealt with, a
    /// few at a time so that none is lost before.
    private void flood(TurnServer server, TestPeer stranger, InetSocketAddress listener)
            throws IOException, InterruptedException {
        double before = handled(server);
        for (int sent = 0; sent < REQUESTS; sent++) {
            stranger.send(sent % 2 == 0 ? binding() : allocate(), listener);
            if (sent % BATCH == BATCH - 1) {
                double all = before + sent + 1;
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> handled(server) >= all);
            }
        }
    }

    private static double handled(TurnServer server) throws IOException, InterruptedException {
        return Metrics.sum(server, "hairpin_answers_total")
                + Metrics.sum(server, "hairpin_dropped_packets_total");
    }

    private static double dropped(TurnServer server, String reason)
            throws IOException, InterruptedException {
        return Metrics.sum(server, "hairpin_dropped_packets_total", "reason=\"" + reason);
    }

    private byte[] binding() {
        return StunMessage.request(Method.BINDING, transaction()).build().toBytes();
    }

    private byte[] allocate() {
        return StunMessage.request(Method.ALLOCATE, transaction())
                .with(Attributes.REQUESTED_TRANSPORT, 17)
                .build()
                .toBytes();
    }

    private TransactionId transaction() {
        return TransactionId.of(3, ++transactions);
    }
}
