package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;

/// OpenSSL's client is served over DTLS, on the port for it and on the one that UDP shares.
class OpensslDtlsIT {

    /// Does not fit into one datagram of [#SMALL_MTU], so that the ClientHello is sent in parts.
    private static final String LONG_NAME =
            ("x".repeat(60) + ".").repeat(3) + Authority.SERVER_NAME;

    /// The smallest that OpenSSL takes.
    private static final String SMALL_MTU = "256";

    /// By which number alerts go that say the version is none of ours (RFC 5246 §7.2).
    private static final String PROTOCOL_VERSION = "SSL alert number 70";

    private static ServerUnderTest server;
    private static Openssl openssl;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        Authority authority = Authority.in(folder);
        server = ServerUnderTest.startSecure(folder, authority.forServer(), Map.of());
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

    @OnBothUdpPorts
    void aClientIsAnsweredOnceItReturnedTheCookie(String listener) {
        assertThat(openssl.bind(port(listener), "-dtls1_2"))
                .contains("Protocol  : DTLSv1.2", "Verification: OK")
                .contains("Cipher is ECDHE-ECDSA-AES");

        String states = openssl.connect(port(listener), "-dtls1_2", "-state").output();
        assertThat(states.lines().filter(line -> line.contains("read")).limit(2))
                .satisfiesExactly(
                        first -> assertThat(first).contains("read hello verify request"),
                        second -> assertThat(second).contains("read server hello"));
    }

    @OnBothUdpPorts
    void aHelloWithoutTheCookieGetsNothingButTheCookie(String listener) throws IOException {
        try (DtlsHello hello = DtlsHello.to(InetAddress.ofLiteral("127.0.0.1"), port(listener))) {
            byte[] answer = hello.sendWithoutCookie();

            assertThat(DtlsHello.isHelloVerifyRequest(answer)).isTrue();
            assertThat(hello.hearsNothingMore()).isTrue();
            assertThat(answer.length)
                    .as("bytes, of which a forged address gets no more than were sent")
                    .isLessThanOrEqualTo(hello.length());
        }
    }

    @OnBothUdpPorts
    void theCookieServesNobodyElse(String listener) throws IOException {
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        try (DtlsHello one = DtlsHello.to(address, port(listener));
                DtlsHello other = DtlsHello.to(address, port(listener))) {
            byte[] cookie = DtlsHello.cookie(one.sendWithoutCookie());

            assertThat(DtlsHello.isHelloVerifyRequest(other.sendWith(cookie))).isTrue();
            assertThat(DtlsHello.isHelloVerifyRequest(one.sendWith(cookie))).isFalse();
        }
    }

    @OnBothUdpPorts
    void aHandshakeInSmallPiecesIsUnderstood(String listener) {
        String output =
                openssl.bind(
                        port(listener),
                        "-dtls1_2",
                        "-mtu",
                        SMALL_MTU,
                        "-servername",
                        LONG_NAME,
                        "-alpn",
                        "stun.turn,stun.nat-discovery");

        assertThat(output).contains("Protocol  : DTLSv1.2", "Verification: OK");
    }

    @OnBothUdpPorts
    void aClientOfDtls10IsToldThatItsVersionIsNotSpoken(String listener) {
        Program.Finished run = openssl.connectInOldVersion(port(listener), "-dtls1");

        assertThat(run.output()).contains(PROTOCOL_VERSION, "Cipher is (NONE)");
        assertThat(run.exitCode()).isNotZero();
    }

    @OnBothUdpPorts
    void aClientThatSpeaksBothVersionsIsAnswered(String listener) {
        assertThat(openssl.bind(port(listener), "-dtls", "-cipher", "DEFAULT@SECLEVEL=0"))
                .contains("Protocol  : DTLSv1.2");
    }

    private static int port(String listener) {
        return server.port(listener, "127.0.0.1");
    }
}
