package io.hairpin.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.server.core.CloseReason;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.regex.Pattern;

class ServerMetricsTest {
    private static final String UDP = "listener=\"0.0.0.0:3478\",transport=\"udp\"";
    private static final String TCP = "listener=\"[::]:3478\",transport=\"tcp\"";

    private final CountedListener udp =
            CountedListener.of(new ListenerLabels("udp", "0.0.0.0:3478"), 2);
    private final CountedListener tcp =
            CountedListener.of(new ListenerLabels("tcp", "[::]:3478"), 2);
    private final ServerMetrics metrics = new ServerMetrics(List.of(udp, tcp));
    private final ListenerCounters udpOnFirstShard = udp.shards().get(0);
    private final ListenerCounters udpOnSecondShard = udp.shards().get(1);
    private final ListenerCounters tcpOnFirstShard = tcp.shards().get(0);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void relayedPacketsAndBytesAreSummedOverShardsByDirection() {
        udpOnFirstShard.relayed(Direction.TO_PEER, 100);
        udpOnSecondShard.relayed(Direction.TO_PEER, 1);
        udpOnSecondShard.relayed(Direction.TO_CLIENT, 7);

        assertValue("hairpin_relayed_packets_total{direction=\"to_peer\"," + UDP + "}", 2);
        assertValue("hairpin_relayed_bytes_total{direction=\"to_peer\"," + UDP + "}", 101);
        assertValue("hairpin_relayed_packets_total{direction=\"to_client\"," + UDP + "}", 1);
        assertValue("hairpin_relayed_bytes_total{direction=\"to_client\"," + UDP + "}", 7);
    }

    @Test
    void listenersAreCountedApart() {
        tcpOnFirstShard.relayed(Direction.TO_PEER, 5);

        assertValue("hairpin_relayed_bytes_total{direction=\"to_peer\"," + TCP + "}", 5);
        assertValue("hairpin_relayed_bytes_total{direction=\"to_peer\"," + UDP + "}", 0);
    }

    @Test
    void activeAllocationsAreThoseOpenedAndNotClosed() {
        udpOnFirstShard.allocationOpened();
        udpOnSecondShard.allocationOpened();
        udpOnSecondShard.allocationOpened();
        udpOnFirstShard.allocationClosed(CloseReason.EXPIRED);
        udpOnSecondShard.allocationClosed(CloseReason.DELETED);

        assertValue("hairpin_allocations_active{" + UDP + "}", 1);
        assertValue("hairpin_allocations_opened_total{" + UDP + "}", 3);
        assertValue(
                "hairpin_allocations_closed_total{"
                        + UDP.replace(",", ",reason=\"expired\",")
                        + "}",
                1);
        assertValue(
                "hairpin_allocations_closed_total{"
                        + UDP.replace(",", ",reason=\"deleted\",")
                        + "}",
                1);
        assertValue("hairpin_allocations_active{" + TCP + "}", 0);
    }

    @Test
    void dropsAreCountedByReason() {
        udpOnFirstShard.dropped(DropReason.NO_PERMISSION, 1);
        udpOnSecondShard.dropped(DropReason.NO_PERMISSION, 1);

        assertValue(
                "hairpin_dropped_packets_total{"
                        + UDP.replace(",", ",reason=\"no_permission\",")
                        + "}",
                2);
        assertValue(
                "hairpin_dropped_packets_total{" + UDP.replace(",", ",reason=\"malformed\",") + "}",
                0);
    }

    @Test
    void requestsAreCountedByMethod() {
        udpOnFirstShard.requested(Method.BINDING);
        udpOnSecondShard.requested(Method.BINDING);

        assertValue("hairpin_requests_total{" + UDP.replace(",", ",method=\"binding\",") + "}", 2);
        assertValue(
                "hairpin_requests_total{"
                        + UDP.replace(",", ",method=\"create_permission\",")
                        + "}",
                0);
        assertThat(metrics.scrape()).doesNotContain("method=\"send\"");
    }

    @Test
    void answersAreCountedByMethodAndCodeAndAppearWithTheFirst() {
        assertThat(metrics.scrape()).doesNotContain("hairpin_answers_total");
        udpOnFirstShard.rejected(Method.ALLOCATE, ErrorCode.UNAUTHENTICATED);
        assertValue(answers(UDP, "allocate", "401"), 1);

        udpOnFirstShard.answered(Method.ALLOCATE);
        udpOnSecondShard.answered(Method.ALLOCATE);
        udpOnSecondShard.rejected(Method.ALLOCATE, ErrorCode.UNAUTHENTICATED);

        assertValue(answers(UDP, "allocate", "401"), 2);
        assertValue(answers(UDP, "allocate", "success"), 2);
        assertThat(metrics.scrape()).doesNotContain("code=\"438\"");
    }

    @Test
    void anAllocationIsActiveWhereItsClientIs() {
        udpOnFirstShard.allocationOpened();

        udpOnFirstShard.clientLeft();
        tcpOnFirstShard.clientArrived();

        assertValue("hairpin_allocations_active{" + UDP + "}", 0);
        assertValue("hairpin_allocations_active{" + TCP + "}", 1);
        assertValue("hairpin_allocations_moved_total{" + TCP + "}", 1);
        assertValue("hairpin_allocations_moved_total{" + UDP + "}", 0);
    }

    /// Each number has a place of its own: one count of everything shows up as a one everywhere.
    @Test
    void nothingIsCountedInTwoPlaces() {
        for (Direction direction : Direction.values()) {
            tcpOnFirstShard.relayed(direction, 1);
        }
        tcpOnFirstShard.icmpTold();
        tcpOnFirstShard.allocationOpened();
        tcpOnFirstShard.clientArrived();
        tcpOnFirstShard.clientLeft();
        for (CloseReason reason : CloseReason.values()) {
            tcpOnFirstShard.allocationClosed(reason);
        }
        for (DropReason reason : DropReason.values()) {
            tcpOnFirstShard.dropped(reason, 1);
        }
        for (RefusalReason reason : RefusalReason.values()) {
            tcpOnFirstShard.refused(reason);
        }
        for (Method method : Method.values()) {
            tcpOnFirstShard.requested(method);
            tcpOnFirstShard.answered(method);
            for (ErrorCode code : ErrorCode.values()) {
                tcpOnFirstShard.rejected(method, code);
            }
        }

        List<String> counters =
                metrics.scrape()
                        .lines()
                        .filter(line -> line.startsWith("hairpin_") && line.contains("_total{"))
                        .filter(line -> line.contains(TCP.substring(TCP.indexOf("transport"))))
                        .toList();

        assertThat(counters)
                .hasSizeGreaterThan(Method.values().length * ErrorCode.values().length)
                .allMatch(line -> line.endsWith(" 1.0"));
    }

    @Test
    void theTableInTheDocumentationNamesEveryMetric() {
        udpOnFirstShard.answered(Method.BINDING);

        assertThat(
                        metrics.scrape()
                                .lines()
                                .filter(line -> line.startsWith("# TYPE hairpin_"))
                                .map(line -> line.substring("# TYPE ".length()))
                                .sorted())
                .containsExactly(
                        "hairpin_allocations_active gauge",
                        "hairpin_allocations_closed_total counter",
                        "hairpin_allocations_moved_total counter",
                        "hairpin_allocations_opened_total counter",
                        "hairpin_answers_total counter",
                        "hairpin_dropped_packets_total counter",
                        "hairpin_icmp_errors_total counter",
                        "hairpin_refused_connections_total counter",
                        "hairpin_relayed_bytes_total counter",
                        "hairpin_relayed_packets_total counter",
                        "hairpin_requests_total counter");
    }

    @Test
    void everyLineIsInTheTextFormatOfPrometheus() {
        Pattern line =
                Pattern.compile(
                        "# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\\{[a-z_]+=\"[^\"\\n"
                                + "]*\"(,[a-z_]+=\"[^\"\\n"
                                + "]*\")*\\})? (-?[0-9.E+-]+|NaN|\\+Inf)");

        assertThat(metrics.scrape().lines()).allMatch(line.asMatchPredicate());
    }

    @Test
    void theJvmIsMeasuredToo() {
        assertThat(metrics.scrape())
                .contains(
                        "jvm_memory_used_bytes{",
                        "jvm_threads_live_threads ",
                        "process_uptime_seconds ");
    }

    @Test
    void twoListenersCannotHaveTheSameLabels() {
        assertThatThrownBy(() -> new ServerMetrics(List.of(udp, udp)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readersSeeWhatAShardCountsInOrder() throws InterruptedException {
        int rounds = 200_000;
        Thread shard =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < rounds; i++) {
                                        udpOnFirstShard.allocationOpened();
                                        udpOnFirstShard.allocationClosed(CloseReason.DELETED);
                                    }
                                });

        while (shard.isAlive()) {
            long closed = udpOnFirstShard.read(Cells.closed(CloseReason.DELETED));
            long opened = udpOnFirstShard.read(Cells.opened());
            assertThat(opened).isBetween(closed, (long) rounds);
        }
        shard.join();

        assertThat(udpOnFirstShard.read(Cells.opened())).isEqualTo(rounds);
    }

    private void assertValue(String series, long value) {
        assertThat(metrics.scrape().lines()).contains(series + " " + value + ".0");
    }

    private static String answers(String listener, String method, String code) {
        return "hairpin_answers_total{code=\"%s\",%s}"
                .formatted(code, listener.replace(",", ",method=\"" + method + "\","));
    }
}
