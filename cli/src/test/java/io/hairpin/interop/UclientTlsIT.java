package io.hairpin.interop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// coturn's client loses nothing over TLS and DTLS, with the options of [CoturnToolsIT] and `-S`.
///
/// It chooses a version at random for each connection, and for some one that is not spoken here;
/// then it says so and tries again.
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
    void channelsCarryEverythingOverTls(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S", "-t");
    }

    @OnBothPorts
    void sendIndicationsCarryEverythingOverTls(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S", "-t", "-s");
    }

    @ConcurrentTest
    void channelsCarryEverythingOverTlsAndIpv6() {
        at("tls", "::1").peerAt("::1").losesNothing(2, "-S", "-t", "-x");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingOverTlsAndIpv6() {
        at("tcp", "::1").peerAt("::1").losesNothing(2, "-S", "-t", "-s", "-x");
    }

    @OnBothPorts
    void manyClientsAreServedAtOnceOverTls(String listener) {
        at(listener, "127.0.0.1").losesNothing(20, "-S", "-t", "-m", "20");
    }

    @ConcurrentTest
    void manyClientsAreServedAtOnceOverTlsAndIpv6() {
        at("tls", "::1").losesNothing(10, "-S", "-t", "-s", "-m", "10");
    }

    @ConcurrentTest
    void clientsReachEachOtherOverTls() {
        at("tls", "127.0.0.1").losesNothing(4, "-S", "-t", "-y");
    }

    @ConcurrentTest
    void clientsThatVanishOverTlsHarmNobody() {
        othersAreServedAfterSomeVanish(at("tls", "127.0.0.1"), "-S", "-t");
    }

    @ConcurrentTest
    void clientsThatVanishOverTlsAndIpv6HarmNobody() {
        othersAreServedAfterSomeVanish(at("tcp", "::1"), "-S", "-t");
    }

    @OnBothUdpPorts
    void channelsCarryEverythingOverDtls(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S");
    }

    @OnBothUdpPorts
    void sendIndicationsCarryEverythingOverDtls(String listener) {
        at(listener, "127.0.0.1").losesNothing(2, "-S", "-s");
    }

    @ConcurrentTest
    void channelsCarryEverythingOverDtlsAndIpv6() {
        at("dtls", "::1").peerAt("::1").losesNothing(2, "-S", "-x");
    }

    @ConcurrentTest
    void sendIndicationsCarryEverythingOverDtlsAndIpv6() {
        at("udp", "::1").peerAt("::1").losesNothing(2, "-S", "-s", "-x");
    }

    @OnBothUdpPorts
    void manyClientsAreServedAtOnceOverDtls(String listener) {
        at(listener, "127.0.0.1").losesNothing(20, "-S", "-m", "20");
    }

    @ConcurrentTest
    void manyClientsAreServedAtOnceOverDtlsAndIpv6() {
        at("dtls", "::1").losesNothing(10, "-S", "-s", "-m", "10");
    }

    @ConcurrentTest
    void clientsReachEachOtherOverDtls() {
        at("dtls", "127.0.0.1").losesNothing(4, "-S", "-y");
    }

    @ConcurrentTest
    void clientsThatVanishOverDtlsHarmNobody() {
        othersAreServedAfterSomeVanish(at("dtls", "127.0.0.1"), "-S");
    }

    @ConcurrentTest
    void clientsThatVanishOverDtlsAndIpv6HarmNobody() {
        othersAreServedAfterSomeVanish(at("udp", "::1"), "-S");
    }

    private static void othersAreServedAfterSomeVanish(Uclient client, String... transport) {
        client.misbehave(with(transport, "-B", "-m", "20", "-n", "100", "-z", "1"));

        client.losesNothingUntilItVanishes(8, with(transport, "-B", "-m", "8", "-z", "20"));
        client.losesNothing(1, with(transport, "-c"));
    }

    private static String[] with(String[] options, String... more) {
        return Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static Uclient at(String listener, String address) {
        return uclient.serverAt(address).on(server.port(listener, address));
    }
}
