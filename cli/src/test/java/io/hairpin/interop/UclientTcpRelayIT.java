package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// coturn's client over TCP relays (RFC 6062): with `-T` one session connects to the relay of
/// another, and with `-P` the tool's own peer does so.
class UclientTcpRelayIT {

    private static final String INTERVAL_MILLIS = "50";
    private static final int RUNS = 4;

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server =
                ServerUnderTest.start(
                        folder,
                        Map.of(
                                "relay.tcp", "true",
                                "peers.tcp.allow", "127.0.0.0/8,::1/128",
                                "tls.self-signed", "true"));
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
    void clientsConnectToEachOther() {
        losesNothing(uclient, "-t", "-T");
    }

    @ConcurrentTest
    void clientsConnectToEachOtherOverTls() {
        losesNothing(uclient.on(server.port("tcp", "127.0.0.1")), "-t", "-T", "-S");
    }

    /// Here the tool plays the peer too, and of what that one gets it counts nothing.
    @ConcurrentTest
    void aPeerConnectsToAClient() {
        Program.Finished run = uclient.run("-t", "-P", "-z", INTERVAL_MILLIS);

        assertThat(Uclient.Totals.of(run))
                .as("output:\n%s", run.output())
                .isEqualTo(new Uclient.Totals(2 * Uclient.MESSAGES, Uclient.MESSAGES));
    }

    /// The tool counts a read as a message, so it is given time for each; on a machine that is busy
    /// two may come at once all the same, and then it is run again. TcpRelayIT looks at each byte.
    private static void losesNothing(Uclient client, String... options) {
        List<String> slowly = new ArrayList<>(List.of(options));
        slowly.addAll(List.of("-z", INTERVAL_MILLIS));
        String[] all = slowly.toArray(String[]::new);
        Uclient.Totals everything = new Uclient.Totals(2 * Uclient.MESSAGES, 2 * Uclient.MESSAGES);
        Program.Finished run = client.run(all);
        for (int again = 1; again < RUNS && !Uclient.Totals.of(run).equals(everything); again++) {
            run = client.run(all);
        }
        assertThat(Uclient.Totals.of(run)).as("output:\n%s", run.output()).isEqualTo(everything);
        assertThat(run.exitCode()).isZero();
    }
}
