package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A server whose log is on a disk that fills up.
class LogDiskFullIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String LOST = "hairpin_log_events_lost_total";

    /// The log is on a small disk of its own, which nobody else sees, and on what the test reads.
    private static final String ON_A_SMALL_DISK =
            "mount -t tmpfs -o size=64k tmpfs \"$0\" && touch \"$0/log\""
                    + " && { tail -F \"$0/log\" 2>/dev/null & } && exec \"$@\" >>\"$0/log\"";

    @TempDir private Path folder = Path.of("");

    @Test
    void clientsAreServedAndTheLogGoesOnOnceThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        leaveOutWithoutNamespaces();
        try (ServerUnderTest server = start(disk);
                Talk talk = Talk.begin(TurnClient.udp(address(server)))) {
            Path seen = Path.of("/proc", Long.toString(server.pid()), "root" + disk);
            Path filler = seen.resolve("filler");
            fill(filler);

            while (server.metric(LOST) == 0) {
                allocateOnce(server);
            }
            talk.goOn();

            Files.delete(filler);
            allocateOnce(server);
            Awaitility.await()
                    .atMost(DEADLINE)
                    .until(() -> Files.readString(seen.resolve("log")).contains("are lost"));
            talk.goOn();
            assertThat(server.metric("hairpin_allocations_active")).isEqualTo(1);
        }
    }

    private ServerUnderTest start(Path disk) {
        return ServerUnderTest.startWithin(
                List.of("unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, disk.toString()),
                folder,
                Map.of());
    }

    /// Two events each: an allocation begins and ends.
    private static void allocateOnce(ServerUnderTest server) {
        try (TurnClient client = TurnClient.udp(address(server))) {
            client.with(ServerUnderTest.USER, ServerUnderTest.PASSWORD)
                    .allocate(AllocateOptions.udp());
        }
    }

    private static InetSocketAddress address(ServerUnderTest server) {
        return new InetSocketAddress(
                InetAddress.ofLiteral("127.0.0.1"), server.port("udp", "127.0.0.1"));
    }

    private static void fill(Path filler) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static void leaveOutWithoutNamespaces() {
        Program.Finished tried =
                Program.run(
                        List.of("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
                        DEADLINE);
        if (tried.exitCode() != 0) {
            throw Tool.leaveOut("no mount namespaces here: " + tried.output());
        }
    }
}
