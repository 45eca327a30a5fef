package io.hairpin.interop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// coturn's client over DTLS (`-S`), on the port that serves plain TURN too.
///
/// `-B` has clients disconnect at random, and the other options are as in [CoturnToolsIT].
class CoturnDtlsIT {

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server = ServerUnderTest.startWithCertificate(folder);
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
    void channelsCarryEverythingOverDtls() {
        uclient.losesNothing(2, "-S");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingOverDtls() {
        uclient.losesNothing(2, "-S", "-s");
    }

    @ConcurrentTest
    void manyClientsLoseNothingOverDtls() {
        uclient.losesNothing(10, "-S", "-s", "-m", "10");
    }

    @ConcurrentTest
    void channelsCarryEverythingOverDtlsToAnIpv6Server() {
        uclient.serverAt("::1").losesNothing(2, "-S");
    }

    @ConcurrentTest
    void clientsOfDtlsThatDisconnectAtRandomDoNoHarm() {
        uclient.run("-S", "-s", "-m", "4", "-B");
    }
}
