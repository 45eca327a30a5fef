package io.hairpin.interop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// Two realms in one server: clients of others are led to theirs by the end of their user name, or
/// by the server that they ask for in TLS and DTLS.
class RealmsIT {

    private static final String FIRST = "example.org";
    private static final String OTHER = "another.example";
    private static final String OTHER_SERVER = "relay.example.net";
    private static final String CAROL = "carol@" + OTHER;

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Openssl openssl;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        Authority authority = Authority.in(folder);
        Authority.Issued one = authority.issue("both", "one.example.com", OTHER_SERVER);
        server =
                ServerUnderTest.startSecure(
                        folder,
                        one,
                        Map.of(
                                "realms",
                                """
                                [ { name: %s, by-name: true, server-names: [ %s ],
                                    authentication: { users: { "%s": tulip } },
                                    peers: { allow: [ 127.0.0.0/8 ] } } ]
                                """
                                        .formatted(OTHER, OTHER_SERVER, CAROL)));
        openssl = Openssl.believing(authority);
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
    void aUserOfTheFirstRealmIsServed() {
        Uclient.of(server, peer).losesNothing(2);
    }

    @ConcurrentTest
    void aNameThatEndsInTheOtherRealmLeadsThereOverUdp() {
        carol().losesNothing(2);
    }

    @ConcurrentTest
    void aNameThatEndsInTheOtherRealmLeadsThereOverTcp() {
        carol().losesNothing(2, "-t");
    }

    @ConcurrentTest
    void aNameThatEndsInTheOtherRealmLeadsThereOverTls() {
        carol().losesNothing(2, "-S", "-t");
    }

    @ConcurrentTest
    void whatIsAskedForInTlsLeadsToTheOtherRealm() {
        openssl.isChallengedBy(OTHER, tls(), "-servername", OTHER_SERVER);
        openssl.isChallengedBy(OTHER, tls(), "-tls1_2", "-servername", OTHER_SERVER);
    }

    @ConcurrentTest
    void whatIsAskedForInDtlsLeadsToTheOtherRealm() {
        openssl.isChallengedBy(
                OTHER, server.port("dtls", "127.0.0.1"), "-dtls1_2", "-servername", OTHER_SERVER);
    }

    @ConcurrentTest
    void whoAsksForNobodyElseIsChallengedByTheFirst() {
        openssl.isChallengedBy(FIRST, tls(), "-servername", "one.example.com");
        openssl.isChallengedBy(FIRST, tls(), "-noservername");
    }

    private static Uclient carol() {
        return Uclient.of(server, peer).as("-u", CAROL, "-w", "tulip");
    }

    private static int tls() {
        return server.port("tls", "127.0.0.1");
    }
}
