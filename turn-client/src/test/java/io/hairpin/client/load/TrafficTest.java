package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

class TrafficTest {

    private static final int RUN = 7;
    private static final long MILLI = 1_000_000;

    private final Queue<ByteBuffer> sent = new ArrayDeque<>();
    private long now = Long.MAX_VALUE - MILLI;

    @Test
    void anOpenLoopSendsAtItsRateWhateverArrives() {
        Traffic traffic = traffic(Direction.UP, new Pace.Rate(100), 1, Long.MAX_VALUE, 10);

        assertThat(run(traffic, 1000)).isEqualTo(1000);
    }

    @Test
    void aBurstIsSentBackToBackAndTheRateStays() {
        Traffic traffic = traffic(Direction.UP, new Pace.Rate(100), 10, Long.MAX_VALUE, 1);
        traffic.start(0);

        traffic.tick();
        assertThat(sent).hasSize(10);
        now += 99 * MILLI;
        traffic.tick();
        assertThat(sent).hasSize(10);
        now += 2 * MILLI;
        traffic.tick();
        assertThat(sent).hasSize(20);
    }

    @Test
    void aClosedLoopKeepsItsWindowFull() {
        Traffic traffic = traffic(Direction.BOTH, new Pace.Window(3), 1, Long.MAX_VALUE, 2);
        traffic.start(0);
        traffic.tick();
        traffic.tick();
        assertThat(sent).hasSize(6);

        arrive(traffic, 2);

        assertThat(sent).hasSize(6);
        assertThat(counts(traffic).sent()).isEqualTo(8);
        assertThat(counts(traffic).atClients()).isEqualTo(2);
    }

    @Test
    void aClosedLoopGoesOnAfterALoss() {
        Traffic traffic = traffic(Direction.BOTH, new Pace.Window(3), 1, Long.MAX_VALUE, 1);
        traffic.start(0);
        traffic.tick();
        sent.clear();

        now += 100 * MILLI;
        traffic.tick();
        assertThat(sent).isEmpty();
        now += 100 * MILLI;
        traffic.tick();

        assertThat(sent).hasSize(3);
    }

    @Test
    void itEndsAfterSoManyPackets() {
        Traffic traffic = traffic(Direction.UP, new Pace.Rate(100), 4, 10, 1);

        assertThat(run(traffic, 1000)).isEqualTo(10);
        assertThat(traffic.isDone()).isTrue();
    }

    @Test
    void onlyPacketsOfTheWindowCount() {
        Traffic traffic = traffic(Direction.BOTH, new Pace.Rate(1000), 1, Long.MAX_VALUE, 1);
        traffic.start(0);
        traffic.tick();
        traffic.openWindow();
        now += 2 * MILLI;
        traffic.tick(); // two more, and with that of before three on their way
        echo(traffic, 2);
        traffic.stop();
        traffic.closeWindow();
        now += MILLI;
        echo(traffic, 1);

        Counts counts = counts(traffic);
        assertThat(counts.sent()).isEqualTo(3);
        assertThat(counts.measuredSent()).isEqualTo(2);
        assertThat(counts.delivered()).isEqualTo(2);
        assertThat(counts.relayed()).isEqualTo(4);
        assertThat(traffic.isDelivered()).isTrue();
        assertThat(traffic.measured().count()).isEqualTo(2);
    }

    @Test
    void aLatencyIsTheTimeBetweenSendingAndArrival() {
        Traffic traffic = traffic(Direction.DOWN, new Pace.Rate(1000), 1, Long.MAX_VALUE, 1);
        traffic.start(0);
        traffic.openWindow();
        now++;
        traffic.tick();
        now += 40_000;

        arrive(traffic, 1);

        assertThat(traffic.measured().percentiles().max()).isBetween(39.9, 40.1);
        assertThat(traffic.takeRecent().count()).isEqualTo(1);
        assertThat(traffic.takeRecent().count()).isZero();
    }

    @Test
    void upwardsAPeerIsTheEnd() {
        Traffic traffic = traffic(Direction.UP, new Pace.Window(1), 1, Long.MAX_VALUE, 1);
        traffic.start(0);
        traffic.openWindow();
        now++;
        traffic.tick();

        assertThat(traffic.atPeer(sent.remove(), 0, 24)).isFalse();

        assertThat(sent).hasSize(1);
        assertThat(counts(traffic).delivered()).isEqualTo(1);
    }

    @Test
    void whatComesTwiceOrFromElsewhereIsToldApart() {
        Traffic traffic = traffic(Direction.BOTH, new Pace.Rate(1000), 1, Long.MAX_VALUE, 2);
        traffic.start(0);
        traffic.tick();
        ByteBuffer packet = sent.remove();
        ByteBuffer ofOtherRun = PacketTemplate.plain(24).stamped(now, 0, 0, RUN + 1);
        ByteBuffer unsent = PacketTemplate.plain(24).stamped(now, 9, 0, RUN);

        traffic.atClient(0, packet, 0, 24);
        traffic.atClient(0, packet, 0, 24);
        traffic.atClient(1, packet, 0, 24); // at the wrong client
        traffic.atClient(0, ofOtherRun, 0, 24);
        traffic.atClient(0, unsent, 0, 24);
        boolean echoed = traffic.atPeer(ofOtherRun, 0, 24);

        assertThat(echoed).isFalse();
        assertThat(counts(traffic).duplicates()).isEqualTo(1);
        assertThat(counts(traffic).foreign()).isEqualTo(4);
        assertThat(counts(traffic).completed()).isEqualTo(1);
    }

    @Test
    void whatTheGeneratorIsTooLateForIsMissed() {
        Traffic traffic = traffic(Direction.UP, new Pace.Rate(1000), 2, Long.MAX_VALUE, 1);
        traffic.start(0);
        traffic.tick();
        traffic.openWindow();
        now += 100 * MILLI;
        traffic.tick();

        assertThat(counts(traffic).missed()).isEqualTo(100 - 4);
    }

    private Traffic traffic(Direction direction, Pace pace, int burst, long maxPackets, int flows) {
        Duration second = Duration.ofSeconds(1);
        TrafficPlan plan = new TrafficPlan(direction, pace, 24, burst, false, second, second, 0);
        Traffic traffic = new Traffic(plan, RUN, maxPackets, () -> now);
        for (int i = 0; i < flows; i++) {
            int flow = i;
            traffic.add(
                    (nanos, sequence) ->
                            sent.add(PacketTemplate.plain(24).stamped(nanos, sequence, flow, RUN)));
        }
        return traffic;
    }

    /// Lets so many milliseconds pass, and returns how many packets were sent.
    private int run(Traffic traffic, int millis) {
        traffic.start(0);
        for (int i = 0; i < millis; i++) {
            traffic.tick();
            now += MILLI;
        }
        return sent.size();
    }

    private void echo(Traffic traffic, int packets) {
        for (int i = 0; i < packets; i++) {
            ByteBuffer packet = sent.remove();
            assertThat(traffic.atPeer(packet, 0, 24)).isTrue();
            traffic.atClient(Payload.client(packet, 0), packet, 0, 24);
        }
    }

    private void arrive(Traffic traffic, int packets) {
        for (int i = 0; i < packets; i++) {
            ByteBuffer packet = sent.remove();
            traffic.atClient(Payload.client(packet, 0), packet, 0, 24);
        }
    }

    private static Counts counts(Traffic traffic) {
        return traffic.counts(0, 0, 0);
    }
}
