package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Map;

/// coturn's client sends more than an allocation may relay: it loses what is too much, each lost
/// message is one that the server counted as dropped, and what passes is no more than the limit.
class UclientBandwidthIT {

    /// 64 kbit/s, the slowest there is, and at once as much as the largest datagram.
    private static final long BYTES_PER_SECOND = 8000;

    private static final long BURST_BYTES = 0xFFFF;
    private static final int MESSAGE_BYTES = 1000;
    private static final int MESSAGES = 300;

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server =
                ServerUnderTest.start(
                        folder, Map.of("limits.bandwidth.per-allocation", "64kbit/s"));
        uclient = Uclient.of(server, peer);
    }

    @AfterAll
    static void stopServerAndPeer() {
        if (server != null) {
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-s", "-t"})
    void whatIsTooMuchIsLostAndCountedAndTheRateIsHeld(String option) {
        double relayed = toPeers("hairpin_relayed_bytes_total");
        double packets = toPeers("hairpin_relayed_packets_total");
        double back = toClients();
        double dropped = dropped();
        long start = System.nanoTime();

        Program.Finished run =
                uclient.run(
                        option.isEmpty()
                                ? new String[] {"-c", "-n", "300", "-l", "1000"}
                                : new String[] {option, "-c", "-n", "300", "-l", "1000"});

        double seconds = (System.nanoTime() - start) / 1e9;
        relayed = toPeers("hairpin_relayed_bytes_total") - relayed;
        packets = toPeers("hairpin_relayed_packets_total") - packets;
        back = toClients() - back;
        dropped = dropped() - dropped;
        Uclient.Totals totals = Uclient.Totals.of(run);
        assertThat(totals.sent()).as("output:\n%s", run.output()).isEqualTo(MESSAGES);
        assertThat((double) totals.received()).isEqualTo(back);
        assertThat(totals.sent() - totals.received()).isPositive().isEqualTo((int) dropped);
        assertThat(relayed)
                .isEqualTo(packets * MESSAGE_BYTES)
                .isGreaterThanOrEqualTo(BURST_BYTES - MESSAGE_BYTES)
                .isLessThanOrEqualTo(BURST_BYTES + BYTES_PER_SECOND * seconds);
    }

    private static double toPeers(String metric) {
        return server.metric(metric, "direction=\"to_peer\"");
    }

    private static double toClients() {
        return server.metric("hairpin_relayed_packets_total", "direction=\"to_client\"");
    }

    private static double dropped() {
        return server.metric("hairpin_dropped_packets_total", "reason=\"allocation_bandwidth\"");
    }
}
