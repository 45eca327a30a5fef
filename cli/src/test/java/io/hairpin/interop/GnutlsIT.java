package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// GnuTLS's client is shown the server's public key alone where it asks for that (RFC 7250), on the
/// ports for TLS and DTLS and on those that TCP and UDP share.
class GnutlsIT {

    private static final String RAW = "Certificate type: Raw Public Key";
    private static final String X509 = "Certificate type: X.509";
    private static final String UDP = "--udp";

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static ServerUnderTest server;
    private static ServerUnderTest reticent;
    private static Gnutls gnutls;
    private static String pin;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws IOException {
        Authority authority = Authority.in(folder);
        Authority.Issued issued = authority.forServer();
        pin = Gnutls.PIN + issued.publicKeyFingerprint();
        gnutls = Gnutls.in(folder);
        server = ServerUnderTest.startSecure(folder, issued, Map.of("tls.raw-public-keys", "true"));
        reticent =
                ServerUnderTest.startSecure(
                        Files.createDirectory(folder.resolve("reticent")), issued, Map.of());
    }

    @AfterAll
    static void stopServers() {
        if (server != null) {
            server.close();
        }
        if (reticent != null) {
            reticent.close();
        }
    }

    @AfterEach
    void theServersAreUnharmed() {
        server.assertUnharmed();
        reticent.assertUnharmed();
    }

    @OnBothPorts
    void overTls13TheKeyIsShown(String listener) {
        String output = gnutls.bind(port(listener), only("VERS-TLS1.3"), "--alpn", "stun.turn");

        assertThat(output).contains("TLS1.3", RAW, "Application protocol: stun.turn");
        assertThat(Gnutls.pin(output)).isEqualTo(pin);
    }

    @OnBothPorts
    void overTls12TheKeyIsShown(String listener) {
        String output = gnutls.bind(port(listener), only("VERS-TLS1.2"));

        assertThat(output).contains("TLS1.2", RAW);
        assertThat(Gnutls.pin(output)).isEqualTo(pin);
    }

    @OnBothPorts
    void whatIsListedFirstIsShown(String listener) {
        String first = gnutls.bind(port(listener), Gnutls.RAW_FIRST);
        String last = gnutls.bind(port(listener), Gnutls.RAW_LAST);

        assertThat(Gnutls.pin(first)).isEqualTo(pin);
        assertThat(last).contains(X509, pin);
    }

    @OnBothUdpPorts
    void overDtlsTheKeyIsShown(String listener) {
        String output = gnutls.bind(port(listener), Gnutls.RAW_ALONE, UDP);

        assertThat(output).contains("DTLS1.2", RAW);
        assertThat(Gnutls.pin(output)).isEqualTo(pin);
    }

    @OnBothUdpPorts
    void overDtlsWhatIsListedFirstIsShown(String listener) {
        String first = gnutls.bind(port(listener), Gnutls.RAW_FIRST, UDP);
        String last = gnutls.bind(port(listener), Gnutls.RAW_LAST, UDP);

        assertThat(Gnutls.pin(first)).isEqualTo(pin);
        assertThat(last).contains(X509, pin);
    }

    @OnBothPorts
    void aServerThatIsNotToldToShowsItsCertificate(String listener) {
        int port = reticent.port(listener, "127.0.0.1");

        assertThat(gnutls.bind(port, Gnutls.RAW_FIRST)).contains(X509, pin);
        assertThat(gnutls.bind(port, Gnutls.RAW_ALONE)).contains(X509, pin);
    }

    @OnBothUdpPorts
    void norDoesOneOverDtls(String listener) {
        int port = reticent.port(listener, "127.0.0.1");

        assertThat(gnutls.bind(port, Gnutls.RAW_FIRST, UDP)).contains(X509, pin);
        assertThat(gnutls.connect(port, Gnutls.RAW_ALONE, UDP).exitCode()).isNotZero();
    }

    @ConcurrentTest
    void theServerSaysByWhichPinItsKeyIsKnown() {
        server.awaitLog(pin, DEADLINE);
    }

    private static String only(String version) {
        return Gnutls.RAW_ALONE + ":-VERS-ALL:+" + version;
    }

    private static int port(String listener) {
        return server.port(listener, "127.0.0.1");
    }
}
