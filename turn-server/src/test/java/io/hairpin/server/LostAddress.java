package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// What [LostAddressIT] runs in a network namespace of its own, where it may take an address
/// away: a server listens on two, one of which goes and comes back.
final class LostAddress {

    private static final String STEADY = "127.0.0.1";
    private static final String LOST = "192.0.2.1";
    private static final String ADDRESS = "addr %s " + LOST + "/32 dev lo";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CHANNEL = 0x4000;

    private LostAddress() {}

    /// A client with an allocation, and the peer it talks to.
    private record Talk(TurnClient client, TestPeer peer, InetSocketAddress relayed) {

        static Talk begin(TurnServer server, String listener) throws IOException {
            InetSocketAddress address =
                    server.addresses(Transport.UDP).stream()
                            .filter(each -> each.getAddress().getHostAddress().equals(listener))
                            .findFirst()
                            .orElseThrow();
            TurnClient client = TurnClient.udp(address);
            client.with(TestConfiguration.USER, TestConfiguration.PASSWORD);
            TestPeer peer = TestPeer.open(AddressFamily.IPV4);
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(CHANNEL, peer.address());
            Talk talk = new Talk(client, peer, relayed);
            talk.goOn();
            return talk;
        }

        void goOn() throws IOException {
            byte[] word = "word".getBytes(StandardCharsets.US_ASCII);
            client.sendChannel(CHANNEL, word);
            assertThat(peer.receive()).isEqualTo(word);
            peer.send(word, relayed);
            assertThat(client.receive(PATIENCE)).isPresent();
        }
    }

    public static void main(String[] arguments) throws Exception {
        ip("link set lo up");
        ip(ADDRESS.formatted("add"));
        try (TurnServer server = TurnServer.start(configuration())) {
            Talk steady = Talk.begin(server, STEADY);
            Talk lost = Talk.begin(server, LOST);

            ip(ADDRESS.formatted("del"));

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(
                            () -> {
                                lost.peer().send(new byte[4], lost.relayed());
                                return Metrics.sum(
                                                server,
                                                "hairpin_dropped_packets_total",
                                                "reason=\"send_failed\"")
                                        > 0;
                            });
            steady.goOn();

            ip(ADDRESS.formatted("add"));

            Awaitility.await().atMost(PATIENCE).untilAsserted(lost::goOn);
            Talk.begin(server, LOST);
            steady.goOn();
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(3);
        }
        System.out.println("all went on");
        System.exit(0);
    }

    private static Configuration configuration() {
        return TestConfiguration.loopback()
                .listeners(
                        TestConfiguration.udp(STEADY),
                        TestConfiguration.udp(LOST),
                        TestConfiguration.tcp(LOST))
                .build();
    }

    private static void ip(String words) throws Exception {
        List<String> command = List.of(("ip " + words).split(" ", -1));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as("%s", command).isZero();
    }
}
