package io.hairpin.interop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// coturn's client loses nothing over TLS, with the options of [CoturnToolsIT] and `-S`.
///
/// It chooses the version of TLS at random for each connection, and for some connections one that
/// is not spoken here; then it says so and tries again.
class UclientTlsIT {

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server = ServerUnderTest.startSecure(folder, Authority.in(folder).forServer(), Map.of());
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

    @OnBothPorts
    void channelsCarryEverything(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S", "-t");
    }

    @OnBothPorts
    void channelsCarryEverythingOverIpv6(String listener) {
        at(listener, "::1").peerAt("::1").losesNothing(2, "-S", "-t", "-x");
    }

    @OnBothPorts
    void sendIndicationsCarryEverything(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S", "-t", "-s");
    }

    @OnBothPorts
    void sendIndicationsCarryEverythingOverIpv6(String listener) {
        at(listener, "::1").peerAt("::1").losesNothing(2, "-S", "-t", "-s", "-x");
    }

    @OnBothPorts
    void manyClientsAreServedAtOnce(String listener) {
        at(listener, "127.0.0.1").losesNothing(20, "-S", "-t", "-m", "20");
    }

    @OnBothPorts
    void manyClientsAreServedAtOnceOverIpv6(String listener) {
        at(listener, "::1").losesNothing(10, "-S", "-t", "-s", "-m", "10");
    }

    @ConcurrentTest
    void clientsReachEachOtherThroughTheirRelays() {
        uclient.losesNothing(4, "-S", "-t", "-y");
    }

    @OnBothPorts
    void clientsThatVanishHarmNobody(String listener) {
        Uclient client = at(listener, "127.0.0.1");
        client.misbehave("-S", "-t", "-B", "-m", "20", "-n", "100", "-z", "1");

        client.losesNothing(1, "-S", "-t", "-c");
    }

    @ConcurrentTest
    void clientsThatVanishHarmNobodyOverIpv6() {
        Uclient client = uclient.serverAt("::1");
        client.misbehave("-S", "-t", "-B", "-m", "10", "-n", "100", "-z", "1");

        client.losesNothing(1, "-S", "-t", "-c");
    }

    private static Uclient at(String listener, String address) {
        return uclient.serverAt(address).on(server.port(listener, address));
    }
}
