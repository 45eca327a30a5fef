package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;

class LoadReportTest {

    private static final Percentiles NOTHING = new Percentiles(0, 0, 0, 0, 0);

    @Test
    void ratesAreOfTheMeasuringWindow() {
        LoadReport report = report(1000, 990, 1980, 2);

        assertThat(report.lost()).isEqualTo(10);
        assertThat(report.lostPercent()).isEqualTo(1);
        assertThat(report.packetsPerSecond()).isEqualTo(990);
        assertThat(report.megabitsPerSecond()).isCloseTo(0.792, within(1e-9));
    }

    @Test
    void cpuTimeIsSharedAmongThePacketsRelayed() {
        LoadReport report = report(1000, 990, 2000, 2);

        assertThat(report.serverCpuNanosPerPacket()).isCloseTo(500_000, within(1e-6));
        assertThat(report.generatorCpuNanosPerPacket()).isCloseTo(250_000, within(1e-6));
        assertThat(report.serverBytesPerClient()).isEqualTo(100);
    }

    @Test
    void nothingIsDividedByZero() {
        LoadReport report = report(0, 0, 0, 0);

        assertThat(report.lostPercent()).isZero();
        assertThat(report.packetsPerSecond()).isZero();
        assertThat(report.serverCpuNanosPerPacket()).isZero();
        assertThat(report.generatorCpuNanosPerPacket()).isZero();
    }

    @Test
    void inAClosedLoopABusyServerIsTheLimit() {
        assertThat(Bottleneck.ofClosedLoop(true, 99, 99)).isEqualTo(Bottleneck.SERVER);
        assertThat(Bottleneck.ofClosedLoop(true, 60, 99)).isEqualTo(Bottleneck.GENERATOR);
        assertThat(Bottleneck.ofClosedLoop(true, 60, 50)).isEqualTo(Bottleneck.GENERATOR);
        assertThat(Bottleneck.ofClosedLoop(false, 0, 50)).isEqualTo(Bottleneck.SERVER);
        assertThat(Bottleneck.ofClosedLoop(false, 0, 99)).isEqualTo(Bottleneck.GENERATOR);
    }

    @Test
    void inAnOpenLoopItIsWhoDidNotKeepTheRate() {
        assertThat(Bottleneck.ofOpenLoop(1000, 0, 0)).isEqualTo(Bottleneck.RATE);
        assertThat(Bottleneck.ofOpenLoop(1000, 5, 5)).isEqualTo(Bottleneck.RATE);
        assertThat(Bottleneck.ofOpenLoop(1000, 0, 100)).isEqualTo(Bottleneck.SERVER);
        assertThat(Bottleneck.ofOpenLoop(1000, 100, 100)).isEqualTo(Bottleneck.GENERATOR);
    }

    @Test
    void percentilesAreExactToThreeDigits() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 1000; micros++) {
            latencies.record(micros * 1000L);
        }

        Percentiles percentiles = latencies.percentiles();
        assertThat(percentiles.p50()).isCloseTo(500, within(0.5));
        assertThat(percentiles.p90()).isCloseTo(900, within(0.9));
        assertThat(percentiles.p99()).isCloseTo(990, within(1.0));
        assertThat(percentiles.p999()).isCloseTo(999, within(1.0));
        assertThat(percentiles.max()).isCloseTo(1000, within(1.0));
    }

    @Test
    void aLatencyOutOfRangeIsTheEndOfIt() {
        Latencies latencies = new Latencies();

        latencies.record(-1);
        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.count()).isEqualTo(2);
        assertThat(latencies.percentiles().max()).isGreaterThan(119e6);
    }

    private static LoadReport report(long sent, long delivered, long relayed, double seconds) {
        return new LoadReport(
                true,
                10,
                0,
                Map.of(),
                Map.of(),
                sent,
                delivered,
                0,
                0,
                0,
                0,
                0,
                0,
                HalfOpenCounts.NONE,
                relayed,
                seconds,
                100,
                NOTHING,
                0,
                NOTHING,
                Optional.of(new LoadReport.ServerUse(new LoadReport.Cpu(50, 50, 0), 1, 1000, 2000)),
                new LoadReport.Cpu(25, 25, 0),
                Bottleneck.RATE);
    }
}
