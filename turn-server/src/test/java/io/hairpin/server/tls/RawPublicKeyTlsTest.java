package io.hairpin.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;

/// Handshakes with clients that understand raw public keys (RFC 7250), in memory.
class RawPublicKeyTlsTest {

    private static final List<String> BOTH = List.of("TLSv1.3", "TLSv1.2");

    private static final byte RAW = CertificateType.RawPublicKey;
    private static final byte X509 = CertificateType.X509;

    /// The header of a record that holds the beginning of a ClientHello of the most bytes there
    /// could be.
    private static final byte[] GREATEST_HELLO = {22, 3, 1, 0x40, 0, 1, -1, -1, -1};

    @TempDir static Path folder;

    private static Identity ecdsa;
    private static Identity rsa;
    private static Identity ed25519;

    @BeforeAll
    static void makeCertificates() {
        OpenSsl openssl = new OpenSsl(folder);
        ecdsa = openssl.certificate("ecdsa", "example.org").read();
        openssl.run("genpkey", "-algorithm", "RSA", "-out", "rsa.key");
        rsa = openssl.certificateFor("rsa", "rsa.key", "rsa.example.org").read();
        openssl.run("genpkey", "-algorithm", "ed25519", "-out", "ed25519.key");
        ed25519 = openssl.certificateFor("ed25519", "ed25519.key", "ed.example.org").read();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void everyKindOfKeyIsShownToWhoPrefersIt(String version) throws Exception {
        for (Identity identity : List.of(ecdsa, rsa, ed25519)) {
            RawKeyClient client = client(version);
            try (RawKeyPair pair = new RawKeyPair(tls(identity), client)) {
                assertThat(pair.established()).as("%s", identity).isTrue();
                assertThat(client.version()).isEqualTo(version);
                assertThat(client.isShownKey()).isTrue();
                assertThat(client.shown()).isEqualTo(key(identity));
                assertThat(pair.send("ping")).isEqualTo("ping");
                assertThat(pair.answer("pong")).isEqualTo("pong");
                assertThat(pair.events).containsOnlyOnce(SslHandshakeCompletionEvent.SUCCESS);
                assertThat(pair.thrown).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void everybodyElseIsShownTheCertificate(String version) throws Exception {
        for (byte[] types : new byte[][] {null, {1, X509}, {2, X509, RAW}, {2, 77, X509}}) {
            RawKeyClient client = client(version);
            client.certificateTypes = types;
            try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
                assertThat(pair.established()).isTrue();
                assertThat(client.isShownKey()).isFalse();
                assertThat(client.shown()).isEqualTo(ecdsa.certificate().getEncoded());
                assertThat(pair.send("ping")).isEqualTo("ping");
                assertThat(pair.handler()).isNotInstanceOf(RawPublicKeyHandler.class);
            }
        }
    }

    @Test
    void theKeyIsShownToWhoUnderstandsNothingElse() {
        RawKeyClient client = client("TLSv1.3");
        client.certificateTypes = new byte[] {1, RAW};

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
            assertThat(pair.established()).isTrue();
            assertThat(client.shown()).isEqualTo(key(ecdsa));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aMalformedListIsRefused(String version) {
        for (byte[] types : new byte[][] {{}, {0}, {3, RAW}, {1, RAW, X509}}) {
            RawKeyClient client = client(version);
            client.certificateTypes = types;
            try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
                assertAlert(pair, AlertDescription.decode_error);
            }
        }
    }

    @Test
    void theKeyIsTheOneOfTheNameThatIsAskedFor() {
        RawKeyClient client = new RawKeyClient("RSA.example.org");

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa, rsa), client)) {
            assertThat(client.shown()).isEqualTo(key(rsa));
            assertThat(
                            ((ExtendedSSLSession) pair.handler().engine().getSession())
                                    .getRequestedServerNames())
                    .containsExactly(new SNIHostName("RSA.example.org"));
        }
    }

    @Test
    void aNameThatNobodyCanHaveIsNone() {
        RawKeyClient client = new RawKeyClient("-");

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
            assertThat(pair.established()).isTrue();
            assertThat(
                            ((ExtendedSSLSession) pair.handler().engine().getSession())
                                    .getRequestedServerNames())
                    .isEmpty();
        }
    }

    @Test
    void anotherCertificateShowsFromTheNextHandshakeOn() throws Exception {
        Identities identities = new Identities(List.of(ecdsa));
        RawPublicKeyTls tls = tls(settings(BOTH, List.of()), identities);
        RawKeyClient before = client("TLSv1.3");
        RawKeyClient after = client("TLSv1.3");

        try (RawKeyPair old = new RawKeyPair(tls, before)) {
            identities.replace(List.of(rsa));
            try (RawKeyPair next = new RawKeyPair(tls, after)) {
                assertThat(before.shown()).isEqualTo(key(ecdsa));
                assertThat(after.shown()).isEqualTo(key(rsa));
                assertThat(next.established()).isTrue();
            }
            assertThat(old.send("still here")).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, 'stun.turn', stun.turn",
        "TLSv1.2, 'stun.turn', stun.turn",
        "TLSv1.3, 'h2,http/1.1,stun.nat-discovery', stun.nat-discovery",
        "TLSv1.2, 'h2,http/1.1', http/1.1",
        "TLSv1.3, 'h2', "
    })
    void anApplicationProtocolIsAgreedOnWhereTheClientOffersOneOfOurs(
            String version, String offered, String agreed) {
        RawKeyClient client = client(version);
        client.protocols = List.of(offered.split(",", -1));

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
            assertThat(pair.established()).isTrue();
            assertThat(pair.handler().applicationProtocol()).isEqualTo(agreed);
            assertThat(client.applicationProtocol()).isEqualTo(agreed);
        }
    }

    @Test
    void onlyWhatIsConfiguredIsOffered() {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        RawPublicKeyTls tls =
                tls(settings(List.of("TLSv1.2"), List.of(suite)), new Identities(List.of(ecdsa)));
        RawKeyClient any = new RawKeyClient("example.org");

        try (RawKeyPair pair = new RawKeyPair(tls, any);
                RawKeyPair newer = new RawKeyPair(tls, client("TLSv1.3"))) {
            assertThat(any.version()).isEqualTo("TLSv1.2");
            assertThat(any.suite()).isEqualTo(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
            assertThat(pair.handler().engine().getSession().getCipherSuite()).isEqualTo(suite);
            assertAlert(newer, AlertDescription.protocol_version);
        }
    }

    @Test
    void everySuiteThatIsOfferedWorks() throws Exception {
        RawPublicKeyTls tls = tls(ecdsa, rsa);
        for (Map.Entry<String, Integer> suite : RawPublicKeyTls.SUITES.entrySet()) {
            boolean isRsa = suite.getKey().contains("_RSA_");
            RawKeyClient client = new RawKeyClient(isRsa ? "rsa.example.org" : "example.org");
            client.suites = new int[] {suite.getValue()};
            client.versions =
                    (suite.getKey().contains("_ECDHE_")
                                    ? ProtocolVersion.TLSv12
                                    : ProtocolVersion.TLSv13)
                            .only();

            try (RawKeyPair pair = new RawKeyPair(tls, client)) {
                assertThat(pair.established()).as(suite.getKey()).isTrue();
                assertThat(pair.send("ping")).isEqualTo("ping");
                assertThat(pair.handler().engine().getSession().getCipherSuite())
                        .isEqualTo(suite.getKey());
            }
        }
    }

    @Test
    void suitesOfWhichNoneCanBeHadAreRefusedAtTheStart() {
        TlsSettings settings =
                settings(List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"));

        assertThatThrownBy(() -> tls(settings, new Identities(List.of(rsa))))
                .isInstanceOf(UnusableTls.class)
                .hasMessageContaining("tls.raw-public-keys: none of tls.ciphers");
    }

    @Test
    void aClientThatHasToBeAskedForItsShareIsServed() {
        RawKeyClient client = client("TLSv1.3");
        client.keepsShareBack = true;

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client)) {
            assertThat(pair.established()).isTrue();
            assertThat(client.isShownKey()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, 1", "TLSv1.2, 1", "TLSv1.3, 100", "TLSv1.2, 7"})
    void whatArrivesInPiecesIsUnderstood(String version, int pieceBytes) throws Exception {
        RawKeyClient client = client(version);

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client, pieceBytes)) {
            assertThat(pair.established()).isTrue();
            assertThat(client.isShownKey()).isTrue();
            assertThat(pair.send("ping")).isEqualTo("ping");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void muchPassesBothWays(String version) throws Exception {
        String much = "0123456789abcdef".repeat(10_000);

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client(version))) {
            assertThat(pair.send(much)).isEqualTo(much);
            assertThat(pair.answer(much)).isEqualTo(much);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void eitherSideEndsItWithAWord(String version) throws Exception {
        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client(version));
                RawKeyPair other = new RawKeyPair(tls(ecdsa), client(version))) {
            pair.endByClient();
            other.endByServer();

            assertThat(pair.events).contains(SslCloseCompletionEvent.SUCCESS);
            assertThat(other.isClientClosed()).isTrue();
            assertThat(other.isTruncated()).isFalse();
        }
    }

    @Test
    void aBrokenRecordEndsTheConnectionAlone() {
        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa), client("TLSv1.3"))) {
            byte[] record = new byte[5 + 64];
            System.arraycopy(new byte[] {23, 3, 3, 0, 64}, 0, record, 0, 5);

            pair.give(record);
            pair.pump();

            assertThat(pair.clientFailure()).isInstanceOf(TlsFatalAlertReceived.class);
            assertThat(pair.server.isActive()).isFalse();
            assertThat(pair.thrown).allMatch(each -> each.getCause() instanceof SSLException);
        }
    }

    @Test
    void aHelloThatIsTooLongIsRefusedBeforeItIsThere() {
        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa))) {
            pair.give(GREATEST_HELLO);
            pair.give(new byte[16 << 10]);

            assertThat(pair.server.isActive()).isFalse();
            assertThat(pair.thrown).allMatch(each -> each.getCause() instanceof SSLException);
        }
    }

    @Test
    void aHelloInMorePiecesThanAnybodyMakesIsRefused() {
        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa))) {
            pair.give(new byte[] {22, 3, 1, 0, 5, 1, 0, 0x20, 0, 3});
            for (int i = 0; i < 8000; i++) {
                pair.give(new byte[] {22, 3, 1, 0, 1, 3});
            }

            assertThat(pair.thrown).first().isInstanceOf(SSLException.class);
        }
    }

    @Test
    void nobodySendsMoreThanAHandshakeHasBeforeItIsOver() throws Exception {
        RawKeyClient client = client("TLSv1.3");
        byte[] hello = RawKeyClient.hello(client);
        byte[] meaningless = {20, 3, 3, 0, 1, 1}; // ChangeCipherSpec, which TLS 1.3 ignores

        try (RawKeyPair pair = new RawKeyPair(tls(ecdsa))) {
            pair.give(hello);
            assertThat(pair.sent()).isNotEmpty();
            for (int i = 0; i < (64 << 10) / meaningless.length; i++) {
                pair.give(meaningless);
            }

            assertThat(pair.thrown).first().isInstanceOf(SSLException.class);
        }
    }

    /// Whatever comes instead of the rest of a handshake, it is answered at most by an alert.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void arbitraryBytesEndTheConnectionAtMost(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] hello = RawKeyClient.hello(client(seed % 2 == 0 ? "TLSv1.3" : "TLSv1.2"));
        RawPublicKeyTls tls = tls(ecdsa);
        for (int i = 0; i < 100; i++) {
            try (RawKeyPair pair = new RawKeyPair(tls)) {
                byte[] altered = hello.clone();
                if (i % 2 == 0) {
                    altered[5 + random.nextInt(altered.length - 5)] ^= (byte) random.nextInt(256);
                }
                pair.give(altered);
                byte[] rest = new byte[random.nextInt(1, 300)];
                random.nextBytes(rest);
                rest[0] = (byte) random.nextInt(20, 24);
                pair.give(rest);
                pair.server.runPendingTasks();

                assertThat(pair.thrown)
                        .allMatch(each -> each.getCause() instanceof SSLException)
                        .hasSizeLessThan(3);
            }
        }
    }

    @Test
    void thePinIsOfTheKeyAlone() throws Exception {
        new OpenSsl(folder)
                .run("pkey", "-in", "ecdsa.key", "-pubout", "-outform", "DER", "-out", "spki");
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(folder.resolve("spki")));

        assertThat(ecdsa.pin()).isEqualTo("pin-sha256:" + Base64.getEncoder().encodeToString(hash));
    }

    private static void assertAlert(RawKeyPair pair, short alert) {
        assertThat(pair.established()).isFalse();
        assertThat(pair.clientFailure())
                .isInstanceOfSatisfying(
                        TlsFatalAlertReceived.class,
                        received -> assertThat(received.getAlertDescription()).isEqualTo(alert));
        assertThat(pair.server.isActive()).isFalse();
        assertThat(pair.thrown).allMatch(each -> each.getCause() instanceof SSLException);
    }

    private static byte[] key(Identity identity) {
        return identity.certificate().getPublicKey().getEncoded();
    }

    private static RawKeyClient client(String version) {
        RawKeyClient client = new RawKeyClient("example.org");
        client.versions =
                (version.equals("TLSv1.3") ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12)
                        .only();
        return client;
    }

    private static RawPublicKeyTls tls(Identity... identities) {
        return tls(settings(BOTH, List.of()), new Identities(List.of(identities)));
    }

    private static RawPublicKeyTls tls(TlsSettings settings, Identities identities) {
        SecureRandom random = new SecureRandom();
        return new RawPublicKeyTls(
                settings,
                new TlsContexts(settings, identities, List.of(), random),
                identities,
                random,
                Runnable::run);
    }

    private static TlsSettings settings(List<String> versions, List<String> ciphers) {
        return new TlsSettings(
                TlsImplementation.AUTO, versions, ciphers, ClientAuth.NONE, Duration.ofSeconds(7));
    }
}
