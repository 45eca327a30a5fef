package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// coturn's client takes its allocations along (`-M`, RFC 8016): it allocates, leaves or loses its
/// socket before or after it opens another, shows its ticket there twice, and loses nothing from
/// then on. With four shards, most of these moves are from one to another.
class UclientMobilityIT {

    /// How often a run that ends by the tool's own mistake is tried again: one in four moves over
    /// TLS does, and there are two or three in a run.
    private static final int SECURE_RUNS = 20;

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server =
                ServerUnderTest.startSecure(
                        folder,
                        Authority.in(folder).forServer(),
                        Map.of("relay.mobility", "true", "relay.threads", "4"));
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
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"", "-t"})
    void channelsCarryEverythingAfterTheMove(String transport) {
        uclient.losesNothing(2, with(transport, "-M"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"", "-t"})
    void sendIndicationsCarryEverythingAfterTheMove(String transport) {
        uclient.losesNothing(2, with(transport, "-M", "-s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-t"})
    void manyClientsMoveAtOnce(String transport) {
        double before = server.metric("hairpin_allocations_moved_total");

        uclient.losesNothing(10, with(transport, "-M", "-m", "10"));

        assertThat(server.metric("hairpin_allocations_moved_total") - before)
                .isGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"-S -t", "-S"})
    void channelsCarryEverythingAfterAMoveOverTlsAndDtls(String transport) {
        losesNothingOverTls(with(transport, "-M", "-c"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"-S -t", "-S"})
    void sendIndicationsCarryEverythingAfterAMoveOverTlsAndDtls(String transport) {
        losesNothingOverTls(with(transport, "-M", "-c", "-s"));
    }

    /// Where the tool shuts its old session down before it opens a new one, it frees it a second
    /// time afterwards, which mostly hits the new one; then it cannot send, and gives up.
    private static void losesNothingOverTls(String... options) {
        Program.Finished run = uclient.run(options);
        for (int again = 1; again < SECURE_RUNS && hasFreedItsNewSession(run); again++) {
            run = uclient.run(options);
        }
        assertThat(run.output()).contains("Total lost packets 0 (0.000000%)");
        assertThat(Uclient.Totals.of(run))
                .isEqualTo(new Uclient.Totals(Uclient.MESSAGES, Uclient.MESSAGES));
        assertThat(run.exitCode()).isZero();
    }

    private static boolean hasFreedItsNewSession(Program.Finished run) {
        boolean killed = run.exitCode() > 128;
        return killed || run.output().strip().endsWith("send: Success");
    }

    private static String[] with(String transport, String... options) {
        return Stream.concat(
                        Stream.of(transport.split(" ")).filter(each -> !each.isEmpty()),
                        Stream.of(options))
                .toArray(String[]::new);
    }
}
