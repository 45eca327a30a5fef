package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// coturn's own client tools get from Hairpin what they get from coturn.
///
/// Runs overlap, since the tools mostly wait; they also share one server, as clients do. By default
// a run has two
/// sessions (RTP and RTCP); `-c` leaves one, and `-y` pairs sessions with one another instead of
// with the peer.
@Execution(ExecutionMode.CONCURRENT)
class CoturnToolsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /// How long a tool that corrupts its own requests may go on: it waits for answers it cannot
    // get.
    private static final Duration HOSTILE = Duration.ofSeconds(10);

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        Tool.STUNCLIENT.path();
        peer = EchoPeer.start();
        server = ServerUnderTest.start(folder);
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

    @Test
    void stunclientLearnsItsAddressOverIpv4() {
        assertThat(stunclient("127.0.0.1"))
                .containsPattern("UDP reflexive addr: 127\\.0\\.0\\.1:\\d+");
    }

    @Test
    void stunclientLearnsItsAddressOverIpv6() {
        assertThat(stunclient("::1")).containsPattern("UDP reflexive addr: \\[?::1]?:\\d+");
    }

    @Test
    void channelsCarryEverythingOverUdp() {
        uclient.losesNothing(2);
    }

    @Test
    void channelsCarryEverythingOverTcp() {
        uclient.losesNothing(2, "-t");
    }

    @Test
    void sendIndicationsCarryEverythingOverUdp() {
        uclient.losesNothing(2, "-s");
    }

    @Test
    void sendIndicationsCarryEverythingOverTcp() {
        uclient.losesNothing(2, "-s", "-t");
    }

    @Test
    void channelsCarryEverythingToAnIpv6Server() {
        uclient.serverAt("::1").losesNothing(2);
    }

    @Test
    void channelsCarryEverythingOverTcpToAnIpv6Server() {
        uclient.serverAt("::1").losesNothing(2, "-t");
    }

    @Test
    void channelsCarryEverythingThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x");
    }

    @Test
    void sendIndicationsCarryEverythingThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x", "-s");
    }

    @Test
    void channelsCarryEverythingOverTcpThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x", "-t");
    }

    @Test
    void channelsCarryEverythingFromAnIpv6ClientThroughAnIpv6Relay() {
        uclient.serverAt("::1").peerAt("::1").losesNothing(2, "-x");
    }

    @Test
    void anIpv4RelayMayBeAskedForByName() {
        uclient.serverAt("::1").losesNothing(2, "-X");
    }

    @Test
    void dualAllocationsReachIpv4Peers() {
        uclient.losesNothing(1, "-Z");
    }

    @Test
    void dualAllocationsReachIpv6Peers() {
        uclient.peerAt("::1").losesNothing(1, "-Z");
    }

    @Test
    void dualAllocationsReachIpv6PeersWithSendIndicationsOverTcp() {
        uclient.peerAt("::1").losesNothing(1, "-Z", "-s", "-t");
    }

    @Test
    void aSessionWithoutRtcpNeedsNoReservation() {
        uclient.losesNothing(1, "-c");
    }

    @Test
    void anEvenPortComesWithTheNextOneReserved() {
        Program.Finished run = uclient.run("-v");

        // The first allocation asks for an even port and the one above, the second redeems the
        // token.
        List<Integer> relayed =
                Pattern.compile("Received relay addr: .*:(\\d+)")
                        .matcher(run.output())
                        .results()
                        .map(match -> Integer.valueOf(match.group(1)))
                        .distinct()
                        .toList();
        assertThat(relayed).as("output:\n%s", run.output()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(relayed.get(0)).isEven();
        assertThat(relayed.get(1)).isEqualTo(relayed.get(0) + 1);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void manyClientsAreServedAtOnceOverUdp() {
        uclient.losesNothing(20, "-m", "20");
    }

    @Test
    void manyClientsAreServedAtOnceOverTcp() {
        uclient.losesNothing(20, "-m", "20", "-t");
    }

    @Test
    void manyClientsSendIndicationsAtOnce() {
        uclient.losesNothing(10, "-m", "10", "-s");
    }

    @Test
    void aSharedSecretGivesCredentials() {
        uclient.as("-u", "bob", "-W", ServerUnderTest.SHARED_SECRET).losesNothing(2);
    }

    @Test
    void aSharedSecretGivesCredentialsWithoutAName() {
        uclient.as("-W", ServerUnderTest.SHARED_SECRET).losesNothing(2, "-t");
    }

    @Test
    void dontFragmentIsAcceptedWithChannels() {
        uclient.losesNothing(2, "-g");
    }

    @Test
    void dontFragmentIsAcceptedWithSendIndications() {
        uclient.losesNothing(2, "-g", "-s");
    }

    @Test
    void paddedChannelDataIsAcceptedOverUdp() {
        uclient.losesNothing(2, "-D");
    }

    @Test
    void unknownOptionalAttributesAreIgnored() {
        uclient.losesNothing(2, "-o", "https://example.org");
    }

    @Test
    void clientsReachEachOtherThroughTheirRelaysOverUdp() {
        uclient.losesNothing(4, "-y");
    }

    @Test
    void clientsReachEachOtherThroughTheirRelaysOverTcp() {
        uclient.losesNothing(4, "-y", "-t");
    }

    @Test
    void clientsReachEachOtherWithSendIndications() {
        uclient.losesNothing(4, "-y", "-s");
    }

    @Test
    void manyClientsReachEachOther() {
        uclient.losesNothing(12, "-y", "-m", "12");
    }

    @Test
    void clientsReachEachOtherThroughIpv6Relays() {
        uclient.losesNothing(4, "-y", "-x");
    }

    @Test
    void clientsReachEachOtherThroughDualAllocations() {
        uclient.losesNothing(2, "-y", "-Z");
    }

    @Test
    void extraRequestsDoNotDisturbChannels() {
        // Some of the extra peers are of the wrong family, or in a range that is denied by default.
        uclient.losesNothingSaying("(channel bind:|create permission) error (443|403) .*", 2, "-G");
    }

    @Test
    void extraRequestsDoNotDisturbSendIndications() {
        uclient.losesNothingSaying(
                "(channel bind:|create permission) error (443|403) .*", 2, "-G", "-s");
    }

    @Test
    void aSecondChannelToOnePeerIsRefused() {
        Program.Finished run = uclient.run("-N");

        assertThat(run.output().lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("0: : channel bind: error 400 .*"));
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void withoutAPermissionNothingIsRelayed() {
        Program.Finished run = uclient.run("-s", "-I");

        assertThat(Uclient.Totals.of(run)).isEqualTo(new Uclient.Totals(2 * Uclient.MESSAGES, 0));
    }

    @Test
    void aWrongPasswordAllocatesNothing() {
        Program.Finished run = uclient.as("-u", ServerUnderTest.USER, "-w", "wrong").run();

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void aWrongSharedSecretAllocatesNothing() {
        Program.Finished run = uclient.as("-u", "bob", "-W", "wrong").run("-t");

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void anUnknownUserAllocatesNothing() {
        Program.Finished run = uclient.as("-u", "nobody", "-w", ServerUnderTest.PASSWORD).run();

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void corruptedRequestsOverUdpHarmNobody() {
        serverSurvives("-R", "-m", "4");
    }

    @Test
    void corruptedRequestsOverTcpHarmNobody() {
        serverSurvives("-R", "-m", "4", "-t");
    }

    @Test
    void corruptedIndicationsHarmNobody() {
        serverSurvives("-R", "-s", "-n", "200", "-z", "1");
    }

    @Test
    void clientsThatVanishOverUdpHarmNobody() {
        serverSurvives("-B", "-m", "20", "-n", "100", "-z", "1");
    }

    @Test
    void clientsThatVanishOverTcpHarmNobody() {
        serverSurvives("-B", "-m", "20", "-n", "100", "-z", "1", "-t");
    }

    @Test
    void impatientClientsOverUdpHarmNobody() {
        for (int i = 0; i < 10; i++) {
            serverSurvives("-O", "-m", "20");
        }
    }

    @Test
    void impatientClientsOverTcpHarmNobody() {
        for (int i = 0; i < 10; i++) {
            serverSurvives("-O", "-m", "20", "-t");
        }
    }

    private static String stunclient(String address) {
        List<String> command =
                List.of(Tool.STUNCLIENT.path(), "-p", String.valueOf(server.port()), address);
        Program.Finished run = Program.run(command, DEADLINE);
        assertThat(run.exitCode()).isZero();
        return run.output();
    }

    /// Lets the tool misbehave; how that ends for the tool is its own affair, but others are served
    // as before.
    private static void serverSurvives(String... options) {
        try (Program hostile = Program.start(uclient.command(options))) {
            hostile.awaitExit(HOSTILE);
        }
        uclient.losesNothing(1, "-c");
    }
}
