package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class TlsConfigTest {

    private static final String SMALLEST =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            """;

    @TempDir Path folder;

    @Test
    void withoutACertificateThereIsNeitherTlsNorDtls() throws IOException {
        Configuration configuration = valid("");

        assertThat(configuration.tls()).isEqualTo(TlsConfig.defaults());
        assertThat(configuration.tls().hasCertificate()).isFalse();
        assertThat(configuration.tls().certificates()).isEmpty();
        assertThat(configuration.tls().versions())
                .containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        assertThat(configuration.tls().expiryWarning()).isEqualTo(Duration.ofDays(14));
        assertThat(configuration.proxyProtocol().from()).isEmpty();
        assertThat(configuration.httpBackend()).isEmpty();
    }

    @Test
    void filesAreFoundBesideTheConfiguration() throws IOException {
        Files.writeString(folder.resolve("passphrase"), "battery\n");

        TlsConfig tls =
                valid(
                                """
                                tls:
                                  certificate: chain.pem
                                  key: /etc/key.pem
                                  key-passphrase: { file: passphrase }
                                  more-certificates: [ { certificate: b/c.pem, key: b/k.pem } ]
                                """)
                        .tls();

        assertThat(tls.certificates())
                .containsExactly(
                        new CertificateConfig(
                                folder.resolve("chain.pem"),
                                Path.of("/etc/key.pem"),
                                Optional.of(new Secret("battery"))),
                        new CertificateConfig(
                                folder.resolve("b/c.pem"),
                                folder.resolve("b/k.pem"),
                                Optional.empty()));
        assertThat(tls.toString()).doesNotContain("battery");
    }

    @Test
    void aListenerThatNeedsACertificateIsRefusedWithoutOne() throws IOException {
        String listeners =
                """
                listeners:
                  - { transport: tls, address: 0.0.0.0, port: 5349 }
                  - { transport: dtls, address: 0.0.0.0, port: 5349 }
                  - { transport: udp, address: 0.0.0.0, port: 3478 }
                """;
        String problem =
                " there is no certificate to serve it with; set tls.certificate and tls.key to"
                        + " their files";

        assertThat(problems(listeners))
                .containsExactly(
                        "hairpin.yaml:4:18: listeners[0].transport is tls 0.0.0.0:5349:" + problem,
                        "hairpin.yaml:5:18: listeners[1].transport is dtls 0.0.0.0:5349:"
                                + problem);
        assertThat(valid(listeners + "tls: { self-signed: true }\n").listeners()).hasSize(3);
        assertThat(valid(listeners + "tls: { certificate: c.pem, key: k.pem }\n").listeners())
                .hasSize(3);
    }

    @Test
    void twoListenersOfOnePortAreRefusedWhereOneServesBoth() throws IOException {
        assertThat(
                        problems(
                                """
                                tls: { self-signed: true }
                                listeners:
                                  - { transport: tcp, address: 0.0.0.0, port: 443 }
                                  - { transport: tls, address: 0.0.0.0, port: 443 }
                                  - { transport: dtls, address: 0.0.0.0, port: 443 }
                                  - { transport: udp, address: 0.0.0.0, port: 443 }
                                  - { transport: tls, address: "::", port: 443 }
                                  - { transport: tcp, address: "127.0.0.1", port: 0 }
                                  - { transport: tls, address: "127.0.0.1", port: 0 }
                                """))
                .containsExactly(
                        "hairpin.yaml:6:5: listeners[1] is tls 0.0.0.0:443: it needs the same port"
                                + " as the listener tcp 0.0.0.0:443; remove one of the two: with a"
                                + " certificate either serves both",
                        "hairpin.yaml:8:5: listeners[3] is udp 0.0.0.0:443: it needs the same port"
                                + " as the listener dtls 0.0.0.0:443; remove one of the two: with a"
                                + " certificate either serves both");
    }

    @Test
    void rawPublicKeysNeedACertificateAndAskClientsForNone() throws IOException {
        assertThat(problems("tls: { raw-public-keys: true }"))
                .containsExactly(
                        "hairpin.yaml:3:25: tls.raw-public-keys is true: there is no certificate,"
                                + " whose key would be shown; set tls.certificate and tls.key, or"
                                + " remove this key");
        assertThat(
                        problems(
                                """
                                tls:
                                  certificate: c.pem
                                  key: k.pem
                                  client-certificates: required
                                  client-ca: ca.pem
                                  raw-public-keys: true
                                """))
                .containsExactly(
                        "hairpin.yaml:8:20: tls.raw-public-keys is true: clients that are shown raw"
                                + " public keys are not asked for certificates; set"
                                + " tls.client-certificates to none, or remove this key");
        assertThat(
                        valid("tls: { certificate: c.pem, key: k.pem, raw-public-keys: true }")
                                .tls()
                                .rawPublicKeys())
                .isTrue();
        assertThat(TlsConfig.defaults().rawPublicKeys()).isFalse();
    }

    @Test
    void whatIsMissingToUseACertificateIsNamed() throws IOException {
        assertThat(problems("tls: { certificate: chain.pem }"))
                .containsExactly(
                        "hairpin.yaml:3:21: tls.certificate is %s: the key that belongs to it is"
                                        .formatted(folder.resolve("chain.pem"))
                                + " missing; set tls.key to the file that holds it, be it the"
                                + " same");
        assertThat(problems("tls: { key: key.pem, key-passphrase: x }"))
                .containsExactly(
                        "hairpin.yaml:3:13: tls.key is %s: the certificate that belongs to it is"
                                        .formatted(folder.resolve("key.pem"))
                                + " missing; set tls.certificate to the file that holds it and its"
                                + " chain");
        assertThat(problems("tls: { more-certificates: [ { certificate: c.pem, key: k.pem } ] }"))
                .singleElement()
                .asString()
                .contains("there is no first certificate");
        assertThat(problems("tls: { more-certificates: [ { certificate: c.pem } ] }"))
                .containsExactly(
                        "hairpin.yaml:3:29: tls.more-certificates[0].key: it is missing; set it: it"
                                + " has no default");
        assertThat(problems("tls: { certificate: }"))
                .containsExactly(
                        "hairpin.yaml:3:20: tls.certificate: a single value is expected here, not"
                                + " nothing; give it one");
    }

    @Test
    void valuesThatCannotBeServedAreNamed() throws IOException {
        assertThat(
                        problems(
                                """
                                tls:
                                  versions: [ TLSv1.1 ]
                                  ciphers: [ ECDHE-RSA-AES128-GCM-SHA256 ]
                                  client-certificates: maybe
                                  reload-interval: 25h
                                  provider: openssl
                                http-backend: 8080
                                """))
                .containsExactly(
                        "hairpin.yaml:4:15: tls.versions[0] is TLSv1.1: it is no version that can"
                                + " be offered; choose of TLSv1.3 and TLSv1.2; older ones are not"
                                + " safe",
                        "hairpin.yaml:5:14: tls.ciphers[0] is ECDHE-RSA-AES128-GCM-SHA256: it is"
                                + " not the name of a cipher suite; use its IANA name, such as"
                                + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "hairpin.yaml:6:24: tls.client-certificates is maybe: it is none of the"
                                + " choices; choose one of none, optional, required",
                        "hairpin.yaml:7:20: tls.reload-interval is 25h: it is out of range; choose"
                                + " 0s to 24h",
                        "hairpin.yaml:8:13: tls.provider is openssl: it is none of the choices;"
                                + " choose one of auto, boringssl, jdk",
                        "hairpin.yaml:9:15: http-backend is 8080: it is not a host and its port;"
                                + " write them with a colon between, such as 127.0.0.1:8080 or"
                                + " [::1]:8080");
    }

    @Test
    void valuesThatContradictEachOtherAreNamed() throws IOException {
        assertThat(problems("tls: { client-certificates: required, self-signed: true }"))
                .containsExactly(
                        "hairpin.yaml:3:29: tls.client-certificates is required: there is no"
                                + " authority to check them by; set tls.client-ca to the"
                                + " certificates of those that may issue them");
        assertThat(problems("tls: { client-ca: ca.pem }"))
                .singleElement()
                .asString()
                .contains("clients are not asked for certificates, so nothing would be checked");
        assertThat(problems("tls: { self-signed: true, certificate: c.pem, key: k.pem }"))
                .singleElement()
                .asString()
                .contains("tls.self-signed is true: there is a certificate as well");
        assertThat(problems("http-backend: 127.0.0.1:8080"))
                .containsExactly(
                        "hairpin.yaml:3:15: http-backend is 127.0.0.1:8080: it is for clients that"
                                + " speak HTTP over TLS, which needs a certificate; set"
                                + " tls.certificate and tls.key to their files");
        assertThat(problems("tls: { versions: [], ciphers: [ TLS_A, TLS_A ] }")).hasSize(2);
    }

    @Test
    void aBackendIsAHostAndAPort() {
        assertThat(HostPort.parse("127.0.0.1:8080")).contains(new HostPort("127.0.0.1", 8080));
        assertThat(HostPort.parse("web.local:80")).contains(new HostPort("web.local", 80));
        assertThat(HostPort.parse("[::1]:8080")).contains(new HostPort("::1", 8080));
        assertThat(new HostPort("::1", 8080)).hasToString("[::1]:8080");
        assertThat(List.of("", ":80", "::1:80", "a:", "a b:80", "http://a:80"))
                .allMatch(text -> HostPort.parse(text).isEmpty());
    }

    private Configuration valid(String yaml) throws IOException {
        return switch (load(yaml)) {
            case Loaded.Valid(Configuration configuration) -> configuration;
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private List<String> problems(String yaml) throws IOException {
        return switch (load(yaml)) {
            case Loaded.Valid(Configuration configuration) ->
                    throw new AssertionError(configuration.toString());
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream()
                            .map(ConfigProblem::toString)
                            .map(line -> line.substring(folder.toString().length() + 1))
                            .toList();
        };
    }

    private Loaded load(String yaml) throws IOException {
        return ConfigurationLoader.load(
                Files.writeString(folder.resolve("hairpin.yaml"), SMALLEST + yaml), Map.of());
    }
}
