package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// OpenSSL's client is served over TLS, on the port for it and on the one that TCP shares.
class OpensslIT {

    private static final String OTHER_NAME = "relay.example.net";

    /// By which number alerts go that say the version is none of ours (RFC 8446 §6).
    private static final String PROTOCOL_VERSION = "SSL alert number 70";

    private static ServerUnderTest server;
    private static Openssl openssl;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        Authority authority = Authority.in(folder);
        Authority.Issued other = authority.issue("other", OTHER_NAME, "*.example.net");
        server =
                ServerUnderTest.startSecure(
                        folder,
                        authority.forServer(),
                        Map.of(
                                "tls.more-certificates",
                                "[{ certificate: %s, key: %s }]"
                                        .formatted(other.certificate(), other.key())));
        openssl = Openssl.believing(authority);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    @OnBothPorts
    void aClientOfTls12IsAnswered(String listener) {
        assertThat(openssl.bind(port(listener), "-tls1_2"))
                .contains("New, TLSv1.2, Cipher is ECDHE-ECDSA-AES", "Verification: OK");
    }

    @OnBothPorts
    void aClientOfTls13IsAnswered(String listener) {
        assertThat(openssl.bind(port(listener), "-tls1_3"))
                .contains("New, TLSv1.3, Cipher is TLS_", "Verification: OK");
    }

    @OnBothPorts
    void aClientOfTls11IsToldThatItsVersionIsNotSpoken(String listener) {
        Program.Finished run = openssl.connectInOldVersion(port(listener), "-tls1_1");

        assertThat(run.output()).contains(PROTOCOL_VERSION, "Cipher is (NONE)");
        assertThat(run.exitCode()).isNotZero();
    }

    @OnBothPorts
    void turnIsAgreedOnByAlpn(String listener) {
        assertThat(openssl.bind(port(listener), "-alpn", "stun.turn"))
                .contains("ALPN protocol: stun.turn");
    }

    @OnBothPorts
    void natDiscoveryIsAgreedOnByAlpn(String listener) {
        assertThat(openssl.bind(port(listener), "-alpn", "h2,stun.nat-discovery"))
                .contains("ALPN protocol: stun.nat-discovery");
    }

    @OnBothPorts
    void aClientWithoutAlpnIsAnswered(String listener) {
        assertThat(openssl.bind(port(listener))).contains("No ALPN negotiated");
    }

    @OnBothPorts
    void theCertificateIsTheOneForTheNameThatIsAskedFor(String listener) {
        assertShownFor(listener, OTHER_NAME, OTHER_NAME);
        assertShownFor(listener, "eu.example.net", OTHER_NAME);
        assertShownFor(listener, Authority.SERVER_NAME, Authority.SERVER_NAME);
    }

    @OnBothPorts
    void aNameThatIsNobodysGetsTheFirstCertificate(String listener) {
        assertShownFor(listener, "elsewhere.example.com", Authority.SERVER_NAME);
        assertThat(openssl.connect(port(listener), "-noservername").output())
                .contains("subject=CN = " + Authority.SERVER_NAME);
    }

    @OnBothPorts
    void suitesWithoutForwardSecrecyAreRefused(String listener) {
        Program.Finished run =
                openssl.connect(
                        port(listener), "-tls1_2", "-cipher", "AES128-GCM-SHA256:AES128-SHA");

        assertThat(run.output()).contains("SSL alert number 40"); // handshake_failure
        assertThat(run.exitCode()).isNotZero();
    }

    private static void assertShownFor(String listener, String asked, String shown) {
        assertThat(openssl.connect(port(listener), "-servername", asked).output())
                .contains("subject=CN = " + shown, "Verification: OK");
    }

    private static int port(String listener) {
        return server.port(listener, "127.0.0.1");
    }
}
