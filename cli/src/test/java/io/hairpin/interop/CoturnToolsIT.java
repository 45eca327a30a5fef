package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// coturn's own client tools get from Hairpin what they get from coturn.
///
/// A run has two sessions, RTP and RTCP, unless `-c` leaves one; `-m` asks for more. Sessions talk
/// to the peer, or with `-y` to each other. `-t` is TCP, `-s` Send instead of ChannelData, `-x` an
/// IPv6 relay. Left out is `-Z`, a dual allocation: Debian's coturn asks for it by an attribute
/// number of its own instead of the one of RFC 8656 §18.11.
class CoturnToolsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final int IMPATIENT_RUNS = 10;

    /// Extra requests are made up: for peers of the wrong family or in a range that is denied, and
    /// for channel numbers that may be taken.
    private static final String EXTRA_REFUSED =
            "(channel bind: error (400|403|443)|create permission error (403|443)) .*";

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

    @ConcurrentTest
    void stunclientLearnsItsAddressOverIpv4() {
        assertThat(stunclient("127.0.0.1"))
                .containsPattern("UDP reflexive addr: 127\\.0\\.0\\.1:\\d+");
    }

    @ConcurrentTest
    void stunclientLearnsItsAddressOverIpv6() {
        assertThat(stunclient("::1")).containsPattern("UDP reflexive addr: \\[?::1]?:\\d+");
    }

    @ConcurrentTest
    void channelsCarryEverythingOverUdp() {
        uclient.losesNothing(2);
    }

    @ConcurrentTest
    void channelsCarryEverythingOverTcp() {
        uclient.losesNothing(2, "-t");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingOverUdp() {
        uclient.losesNothing(2, "-s");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingOverTcp() {
        uclient.losesNothing(2, "-s", "-t");
    }

    @ConcurrentTest
    void channelsCarryEverythingToAnIpv6Server() {
        uclient.serverAt("::1").losesNothing(2);
    }

    @ConcurrentTest
    void channelsCarryEverythingOverTcpToAnIpv6Server() {
        uclient.serverAt("::1").losesNothing(2, "-t");
    }

    @ConcurrentTest
    void channelsCarryEverythingThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x", "-s");
    }

    @ConcurrentTest
    void channelsCarryEverythingOverTcpThroughAnIpv6Relay() {
        uclient.peerAt("::1").losesNothing(2, "-x", "-t");
    }

    @ConcurrentTest
    void channelsCarryEverythingFromAnIpv6ClientThroughAnIpv6Relay() {
        uclient.serverAt("::1").peerAt("::1").losesNothing(2, "-x");
    }

    @ConcurrentTest
    void anIpv4RelayMayBeAskedForByName() {
        uclient.serverAt("::1").losesNothing(2, "-X");
    }

    @ConcurrentTest
    void aSessionWithoutRtcpNeedsNoReservation() {
        uclient.losesNothing(1, "-c");
    }

    @ConcurrentTest
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

    @ConcurrentTest
    void manyClientsAreServedAtOnceOverUdp() {
        uclient.losesNothing(20, "-m", "20");
    }

    @ConcurrentTest
    void manyClientsAreServedAtOnceOverTcp() {
        uclient.losesNothing(20, "-m", "20", "-t");
    }

    @ConcurrentTest
    void manyClientsSendIndicationsAtOnce() {
        uclient.losesNothing(10, "-m", "10", "-s");
    }

    @ConcurrentTest
    void aSharedSecretGivesCredentials() {
        uclient.as("-u", "bob", "-W", ServerUnderTest.SHARED_SECRET).losesNothing(2);
    }

    @ConcurrentTest
    void aSharedSecretGivesCredentialsWithoutAName() {
        uclient.as("-W", ServerUnderTest.SHARED_SECRET).losesNothing(2, "-t");
    }

    @ConcurrentTest
    void dontFragmentIsAcceptedWithChannels() {
        uclient.losesNothing(2, "-g");
    }

    @ConcurrentTest
    void dontFragmentIsAcceptedWithSendIndications() {
        uclient.losesNothing(2, "-g", "-s");
    }

    @ConcurrentTest
    void paddedChannelDataIsAcceptedOverUdp() {
        uclient.losesNothing(2, "-D");
    }

    @ConcurrentTest
    void unknownOptionalAttributesAreIgnored() {
        uclient.losesNothing(2, "-o", "https://example.org");
    }

    @ConcurrentTest
    void clientsReachEachOtherThroughTheirRelaysOverUdp() {
        uclient.losesNothing(4, "-y");
    }

    @ConcurrentTest
    void clientsReachEachOtherThroughTheirRelaysOverTcp() {
        uclient.losesNothing(4, "-y", "-t");
    }

    @ConcurrentTest
    void clientsReachEachOtherWithSendIndications() {
        uclient.losesNothing(4, "-y", "-s");
    }

    @ConcurrentTest
    void manyClientsReachEachOther() {
        uclient.losesNothing(12, "-y", "-m", "12");
    }

    @ConcurrentTest
    void clientsReachEachOtherThroughIpv6Relays() {
        uclient.losesNothing(4, "-y", "-x");
    }

    @ConcurrentTest
    void extraRequestsDoNotDisturbChannels() {
        uclient.losesNothingSaying(EXTRA_REFUSED, 2, "-G");
    }

    @ConcurrentTest
    void extraRequestsDoNotDisturbSendIndications() {
        uclient.losesNothingSaying(EXTRA_REFUSED, 2, "-G", "-s");
    }

    @ConcurrentTest
    void aSecondChannelToOnePeerIsRefused() {
        Program.Finished run = uclient.run("-N");

        assertThat(run.output()).contains("channel bind: error 400 ");
        assertThat(run.exitCode()).isNotZero();
    }

    @ConcurrentTest
    void withoutAPermissionNothingIsRelayed() {
        Program.Finished run = uclient.run("-s", "-I");

        assertThat(Uclient.Totals.of(run)).isEqualTo(new Uclient.Totals(2 * Uclient.MESSAGES, 0));
    }

    @ConcurrentTest
    void aWrongPasswordAllocatesNothing() {
        Program.Finished run = uclient.as("-u", ServerUnderTest.USER, "-w", "wrong").run();

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @ConcurrentTest
    void aWrongSharedSecretAllocatesNothing() {
        Program.Finished run = uclient.as("-u", "bob", "-W", "wrong").run("-t");

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @ConcurrentTest
    void anUnknownUserAllocatesNothing() {
        Program.Finished run = uclient.as("-u", "nobody", "-w", ServerUnderTest.PASSWORD).run();

        assertThat(run.output()).contains("Cannot complete Allocation");
        assertThat(run.exitCode()).isNotZero();
    }

    @ConcurrentTest
    void corruptedRequestsOverUdpHarmNobody() {
        othersAreServedAfter("-R", "-m", "4");
    }

    @ConcurrentTest
    void corruptedRequestsOverTcpHarmNobody() {
        othersAreServedAfter("-R", "-m", "4", "-t");
    }

    @ConcurrentTest
    void corruptedIndicationsHarmNobody() {
        othersAreServedAfter("-R", "-s", "-n", "200", "-z", "1");
    }

    @ConcurrentTest
    void clientsThatVanishOverUdpHarmNobody() {
        othersAreServedAfter("-B", "-m", "20", "-n", "100", "-z", "1");
    }

    @ConcurrentTest
    void clientsThatVanishOverTcpHarmNobody() {
        othersAreServedAfter("-B", "-m", "20", "-n", "100", "-z", "1", "-t");
    }

    @ConcurrentTest
    void impatientClientsOverUdpHarmNobody() {
        for (int i = 0; i < IMPATIENT_RUNS; i++) {
            uclient.misbehave("-O", "-m", "20");
        }

        uclient.losesNothing(1, "-c");
    }

    @ConcurrentTest
    void impatientClientsOverTcpHarmNobody() {
        for (int i = 0; i < IMPATIENT_RUNS; i++) {
            uclient.misbehave("-O", "-m", "20", "-t");
        }

        uclient.losesNothing(1, "-c");
    }

    private static String stunclient(String address) {
        List<String> command =
                List.of(
                        Tool.STUNCLIENT.path(),
                        "-p",
                        String.valueOf(server.port("udp", address)),
                        address);
        Program.Finished run = Program.run(command, DEADLINE);
        assertThat(run.exitCode()).isZero();
        return run.output();
    }

    private static void othersAreServedAfter(String... options) {
        uclient.misbehave(options);

        uclient.losesNothing(1, "-c");
    }
}
