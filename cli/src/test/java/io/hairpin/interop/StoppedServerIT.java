package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.TurnClient;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A server whose event loops stand still for a while, as when its machine is paused.
class StoppedServerIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /// More than the relays' small receive buffer holds.
    private static final int PACKETS = 300;

    private static final int PACKET_BYTES = 1000;

    @TempDir private Path folder = Path.of("");

    @Test
    void whatWaitedIsServedWhatDidNotFitIsCountedAndNobodyLosesAnAllocation() throws Exception {
        try (ServerUnderTest server =
                        ServerUnderTest.start(
                                folder,
                                Map.of(
                                        "sockets.relay-receive-buffer",
                                        "8KiB",
                                        "sockets.kind",
                                        "native"));
                Talk flooded = Talk.begin(client(server));
                Talk other = Talk.begin(client(server))) {
            signal("STOP", server);
            awaitState(server, "T");
            CompletableFuture<Duration> refreshed =
                    CompletableFuture.supplyAsync(
                            () -> other.client().refresh(Duration.ofMinutes(10)));
            for (int i = 0; i < PACKETS; i++) {
                flooded.peerSays(PACKET_BYTES);
            }
            other.say();
            signal("CONT", server);

            other.hear();
            assertThat(refreshed.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(Duration.ofMinutes(10));
            Awaitility.await()
                    .atMost(DEADLINE)
                    .until(
                            () -> {
                                flooded.peerSays(4); // the system tells with the next packet
                                return server.metric(
                                                "hairpin_dropped_packets_total",
                                                "reason=\"overrun\"")
                                        > 0;
                            });
            other.goOn();
            flooded.say();
            flooded.hear();
            assertThat(server.metric("hairpin_allocations_active")).isEqualTo(2);
            server.assertUnharmed();
        }
    }

    private static TurnClient client(ServerUnderTest server) {
        return TurnClient.udp(
                new InetSocketAddress(
                        InetAddress.ofLiteral("127.0.0.1"), server.port("udp", "127.0.0.1")));
    }

    private static void signal(String name, ServerUnderTest server) {
        Program.Finished sent =
                Program.run(List.of("kill", "-" + name, Long.toString(server.pid())), DEADLINE);
        assertThat(sent.exitCode()).as(sent.output()).isZero();
    }

    private static void awaitState(ServerUnderTest server, String state) {
        Path status = Path.of("/proc", Long.toString(server.pid()), "status");
        Awaitility.await().atMost(DEADLINE).until(() -> stateIn(status).startsWith(state));
    }

    private static String stateIn(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("State:"))
                .findFirst()
                .map(line -> line.substring("State:".length()).strip())
                .orElseThrow();
    }
}
