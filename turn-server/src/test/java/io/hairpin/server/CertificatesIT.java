package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.config.TlsProvider;
import io.hairpin.server.core.Transport;
import io.hairpin.server.tls.CertificateFiles;
import io.hairpin.server.tls.OpenSsl;
import io.hairpin.server.transport.TestCertificate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLSocket;

/// A server with certificates: started, renewed under its clients, and not started.
@Timeout(60)
class CertificatesIT {

    @TempDir Path folder;

    private CertificateFiles files;

    @BeforeEach
    void makeCertificate() {
        files = new OpenSsl(folder).certificate("turn", "old.example.org");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aRenewedCertificateIsServedAndNobodyIsDisconnected(TlsProvider provider) throws Exception {
        new OpenSsl(folder).certificate("new", "new.example.org");
        try (TurnServer server = TurnServer.start(with(tls(provider)));
                SSLSocket before = connect(server);
                RawTcpClient client = new RawTcpClient(before)) {
            assertThat(subject(before)).isEqualTo("CN=turn");
            assertThat(client.mappedAddress().getPort()).isEqualTo(before.getLocalPort());

            move("new.key", "turn.key");
            move("new.pem", "turn.pem");

            await().atMost(Duration.ofSeconds(30)).until(() -> served(server).equals("CN=new"));
            assertThat(client.mappedAddress().getPort()).isEqualTo(before.getLocalPort());
        }
    }

    @Test
    void whatIsServedByIsSaidAndMeasured() throws Exception {
        try (TurnServer server = TurnServer.start(with(tls(TlsProvider.BORINGSSL)))) {
            assertThat(server.describe())
                    .contains("TLS by BoringSSL, TLSv1.3 and TLSv1.2")
                    .anyMatch(
                            line ->
                                    line.startsWith(
                                            "certificate "
                                                    + files.certificate()
                                                    + ": old.example.org, expires "))
                    .noneMatch(line -> line.startsWith("warning"));
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_certificate_days_left",
                                    "certificate=\"" + files.certificate() + "\""))
                    .isBetween(28.9, 30.0);
        }
    }

    @Test
    void aCertificateThatSoonExpiresIsWarnedOfAtStart() {
        try (TurnServer server =
                TurnServer.start(with(tls(TlsProvider.AUTO, files, Duration.ofDays(60))))) {
            assertThat(server.describe())
                    .anyMatch(
                            line ->
                                    line.startsWith(
                                            "warning: the certificate "
                                                    + files.certificate()
                                                    + " expires in "));
        }
    }

    @Test
    void withoutItsKeyNothingIsServed() {
        CertificateFiles missing =
                new CertificateFiles(
                        files.certificate(), folder.resolve("gone.key"), Optional.empty());

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> TurnServer.start(with(tls(TlsProvider.AUTO, missing))).close())
                .withMessage(
                        "cannot serve TLS: %s: there is no such file; put it there, or name"
                                + " another",
                        folder.resolve("gone.key"));
    }

    @Test
    void aSelfSignedCertificateIsMadeUpForThisMachine() throws Exception {
        try (TurnServer server = TurnServer.start(with(TlsConfig.tryOut()));
                SSLSocket client = connect(server)) {
            assertThat(subject(client)).isEqualTo("CN=localhost");
            assertThat(server.describe())
                    .anyMatch(
                            line ->
                                    line.startsWith("certificate made up at this start: localhost,")
                                            && line.contains("127.0.0.1"));
        }
    }

    private Configuration with(TlsConfig tls) {
        Configuration base = TestConfiguration.loopback().build();
        return new Configuration(
                base.realm(),
                base.listeners(),
                tls,
                base.proxyProtocol(),
                base.httpBackend(),
                base.relay(),
                base.sockets(),
                base.authentication(),
                base.peers(),
                base.limits(),
                base.natDiscovery(),
                base.redirect(),
                base.realms(),
                base.compatibility(),
                base.admin(),
                base.log());
    }

    private TlsConfig tls(TlsProvider provider) {
        return tls(provider, files);
    }

    private static TlsConfig tls(TlsProvider provider, CertificateFiles files) {
        return tls(provider, files, TlsConfig.defaults().expiryWarning());
    }

    private static TlsConfig tls(
            TlsProvider provider, CertificateFiles files, Duration expiryWarning) {
        TlsConfig defaults = TlsConfig.defaults();
        return new TlsConfig(
                Optional.of(files.certificate()),
                Optional.of(files.key()),
                Optional.empty(),
                List.of(),
                false,
                defaults.versions(),
                defaults.ciphers(),
                defaults.clientCertificates(),
                Optional.empty(),
                false,
                Duration.ofSeconds(1),
                expiryWarning,
                provider);
    }

    private static String served(TurnServer server) throws Exception {
        try (SSLSocket client = connect(server)) {
            return subject(client);
        }
    }

    private static SSLSocket connect(TurnServer server) throws Exception {
        return TestCertificate.over(
                RawTcpClient.connect(server.addresses(Transport.TLS).getFirst()));
    }

    private static String subject(SSLSocket client) throws Exception {
        return client.getSession().getPeerPrincipal().getName();
    }

    private void move(String from, String to) throws Exception {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }
}
