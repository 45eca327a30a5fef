package io.hairpin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/// Keeps the benchmarks true: they measure what they claim to, and the data path makes no garbage.
class BenchmarksTest {
    private static final int ROUNDS = 20_000;

    private final DecodeBenchmark decode = new DecodeBenchmark();
    private final IntegrityBenchmark integrity = new IntegrityBenchmark();
    private final LookUpBenchmark lookUp = new LookUpBenchmark();
    private final RelayBenchmark relay = relay(RelayBenchmark.Metered.NOTHING);

    @Test
    void theSamplesAreWhatTheirNamesSay() {
        assertThat(decode.allocateRequest()).isEqualTo(17 + 600 + "1798761600:alice".length());
        assertThat(decode.channelData()).isEqualTo(0x4000 + Samples.PAYLOAD_BYTES);
        assertThat(decode.sendIndication()).isPositive();
        assertThat(integrity.verifySha1()).isTrue();
        assertThat(integrity.verifySha256()).isTrue();
    }

    @Test
    void everyPacketOfEveryClientIsRelayed() {
        long first = relay.clientToPeer();
        assertThat(relay.clientToPeer() - first).isEqualTo(Samples.PAYLOAD_BYTES);
        for (int packet = 0; packet < ROUNDS; packet++) {
            assertThat(relay.peerToClient()).isPositive();
        }
    }

    @Test
    void everyClientIsFound() {
        for (int client = 0; client < ROUNDS; client++) {
            assertThat(lookUp.ipv4()).isTrue();
            assertThat(lookUp.ipv6()).isTrue();
        }
    }

    @Test
    void relayingToAPeerAllocatesNothing() {
        assertThat(bytesPerPacket(relay::clientToPeer)).isZero();
    }

    @Test
    void relayingToAClientAllocatesNothing() {
        assertThat(bytesPerPacket(relay::peerToClient)).isZero();
    }

    @Test
    void meteringAllocatesNothing() {
        RelayBenchmark metered = relay(RelayBenchmark.Metered.EVERYTHING);

        assertThat(bytesPerPacket(metered::clientToPeer)).isZero();
        assertThat(bytesPerPacket(metered::peerToClient)).isZero();
    }

    private static RelayBenchmark relay(RelayBenchmark.Metered metered) {
        RelayBenchmark relay = new RelayBenchmark();
        relay.metered = metered;
        relay.connect();
        return relay;
    }

    @Test
    void findingAClientAllocatesNothing() {
        assertThat(bytesPerPacket(lookUp::ipv4)).isZero();
        assertThat(bytesPerPacket(lookUp::ipv6)).isZero();
    }

    @Test
    void findingThePayloadOfChannelDataAllocatesNothing() {
        assertThat(bytesPerPacket(decode::channelData)).isZero();
    }

    @Test
    void findingPeerAndPayloadOfASendIndicationAllocatesNothing() {
        assertThat(bytesPerPacket(decode::sendIndication)).isZero();
    }

    /// What a thread allocates, once it has loaded all it needs in as many rounds before. The JVM's
    /// own few bytes, spread over all rounds, come to none.
    private static long bytesPerPacket(Runnable packet) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int round = 0; round < 2 * ROUNDS; round++) {
            if (round == ROUNDS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            packet.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }
}
