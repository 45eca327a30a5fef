package io.hairpin.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// Handshakes with both implementations of TLS, in memory.
class TlsContextsTest {

    private static final List<String> BOTH = List.of("TLSv1.3", "TLSv1.2");

    @TempDir static Path folder;

    private static Identity first;
    private static Identity other;
    private static Identity rsa;
    private static Identity ed25519;

    @BeforeAll
    static void makeCertificates() {
        OpenSsl openssl = new OpenSsl(folder);
        first = openssl.certificate("first", "example.org").read();
        other = openssl.certificate("other", "*.example.net").read();
        openssl.run("genpkey", "-algorithm", "RSA", "-out", "rsa.key");
        rsa = openssl.certificateFor("rsa", "rsa.key", "rsa.example.org").read();
        openssl.run("genpkey", "-algorithm", "ed25519", "-out", "ed25519.key");
        ed25519 = openssl.certificateFor("ed25519", "ed25519.key", "ed.example.org").read();
        openssl.certificate("client", "client");
        openssl.certificate("stranger", "stranger");
        openssl.certificate("impostor", "client");
        openssl.run(
                "req",
                "-x509",
                "-new",
                "-key",
                "impostor.key",
                "-out",
                "impostor.pem",
                "-days",
                "30",
                "-subj",
                "/CN=client");
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.3", "BORINGSSL, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
    void bothVersionsAreServed(TlsImplementation provider, String version) throws Exception {
        TlsContexts contexts = contexts(provider, first);

        try (TlsPair pair = connect(contexts, client(version), "example.org")) {
            assertThat(pair.established()).isTrue();
            assertThat(pair.version()).isEqualTo(version);
            assertThat(pair.suite()).contains("_GCM_SHA");
            assertThat(pair.served()).isEqualTo(first.certificate());
            assertThat(pair.applicationProtocol()).isNull();
            assertThat(pair.exchange("hello")).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, BoringSSL", "AUTO, BoringSSL", "JDK, the JDK"})
    void theImplementationIsTold(TlsImplementation provider, String name) {
        assertThat(contexts(provider, first).provider()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, TLSv1.3, TLSv1.2",
        "BORINGSSL, TLSv1.2, TLSv1.3",
        "JDK, TLSv1.3, TLSv1.2",
        "JDK, TLSv1.2, TLSv1.3"
    })
    void aVersionThatIsNotOfferedIsNotServed(
            TlsImplementation provider, String offered, String asked) throws Exception {
        TlsContexts contexts =
                contexts(settings(provider, List.of(offered), List.of(), ClientAuth.NONE), first);

        try (TlsPair pair = connect(contexts, client(asked), "example.org");
                TlsPair fitting = connect(contexts, client(offered), "example.org")) {
            assertThat(pair.established()).isFalse();
            assertThat(pair.clientFailure()).hasMessageContaining("protocol_version");
            assertThat(fitting.established()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void everyKindOfKeyServesBothVersions(TlsImplementation provider) throws Exception {
        for (Identity identity : List.of(first, rsa, ed25519)) {
            for (String version : BOTH) {
                try (TlsPair pair =
                        connect(contexts(provider, identity), client(version), "example.org")) {
                    assertThat(pair.established()).as("%s %s", identity, version).isTrue();
                    assertThat(pair.served()).isEqualTo(identity.certificate());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.3", "BORINGSSL, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
    void theCertificateIsChosenByTheNameAskedFor(TlsImplementation provider, String version)
            throws Exception {
        TlsContexts contexts = contexts(provider, first, other, rsa);

        assertThat(served(contexts, version, "example.org")).isEqualTo(first.certificate());
        assertThat(served(contexts, version, "turn.example.net")).isEqualTo(other.certificate());
        assertThat(served(contexts, version, "rsa.example.org")).isEqualTo(rsa.certificate());
        assertThat(served(contexts, version, "elsewhere.org")).isEqualTo(first.certificate());
        // An address is no server name, so the client names nobody.
        assertThat(served(contexts, version, "127.0.0.1")).isEqualTo(first.certificate());
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, 'stun.turn', stun.turn",
        "BORINGSSL, 'h2,http/1.1,stun.nat-discovery', stun.nat-discovery",
        "BORINGSSL, 'h2,http/1.1', http/1.1",
        "BORINGSSL, 'h2', ",
        "JDK, 'stun.turn', stun.turn",
        "JDK, 'h2,http/1.1,stun.nat-discovery', stun.nat-discovery",
        "JDK, 'h2,http/1.1', http/1.1",
        "JDK, 'h2', "
    })
    void anApplicationProtocolIsAgreedOnWhereTheClientOffersOneOfOurs(
            TlsImplementation provider, String offered, String agreed) throws Exception {
        SslContext client =
                client(
                        builder ->
                                builder.applicationProtocolConfig(
                                        new ApplicationProtocolConfig(
                                                Protocol.ALPN,
                                                SelectorFailureBehavior.NO_ADVERTISE,
                                                SelectedListenerFailureBehavior.ACCEPT,
                                                offered.split(","))));

        try (TlsPair pair = connect(contexts(provider, first), client, "example.org")) {
            assertThat(pair.established()).isTrue();
            assertThat(pair.applicationProtocol()).isEqualTo(agreed);
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.3", "BORINGSSL, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
    void aSessionIsStillResumedAfterTheCertificateWasSwapped(
            TlsImplementation provider, String version) throws Exception {
        Identities identities = new Identities(List.of(first));
        TlsContexts contexts = contexts(defaults(provider), identities);
        SslContext client = client(version);
        getTicket(contexts, client);

        identities.replace(List.of(other));

        // Who resumes a session is not shown a certificate, so it knows the one from before.
        assertThat(served(contexts, client, "example.org")).isEqualTo(first.certificate());
        assertThat(served(contexts, version, "example.org")).isEqualTo(other.certificate());
    }

    /// In TLS 1.2 the suite of a session depends on the kind of key.
    @Test
    void aTicketOfTls13IsGoodAfterTheKindOfKeyWasChanged() throws Exception {
        Identities identities = new Identities(List.of(first));
        TlsContexts contexts = contexts(defaults(TlsImplementation.BORINGSSL), identities);
        SslContext client = client("TLSv1.3");
        getTicket(contexts, client);

        identities.replace(List.of(rsa));

        assertThat(served(contexts, client, "example.org")).isEqualTo(first.certificate());
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void aTicketIsGoodForAsLongAsItsKeyIsKept(String version) throws Exception {
        Identities identities = new Identities(List.of(first));
        TlsContexts contexts = contexts(defaults(TlsImplementation.BORINGSSL), identities);
        SslContext early = client(version);
        SslContext late = client(version);
        getTicket(contexts, early);
        getTicket(contexts, late);
        identities.replace(List.of(other));

        contexts.rotateTicketKeys();

        assertThat(served(contexts, early, "example.org")).isEqualTo(first.certificate());

        contexts.rotateTicketKeys();

        assertThat(served(contexts, late, "example.org")).isEqualTo(other.certificate());
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void clientsProveWhoTheyAreWhereThatIsRequired(TlsImplementation provider) throws Exception {
        for (String version : BOTH) {
            TlsContexts contexts =
                    contexts(settings(provider, BOTH, List.of(), ClientAuth.REQUIRE), first);

            try (TlsPair known = connect(contexts, client(version, "client"), "example.org");
                    TlsPair stranger =
                            connect(contexts, client(version, "stranger"), "example.org");
                    TlsPair nobody = connect(contexts, client(version), "example.org")) {
                assertThat(known.established()).isTrue();
                assertThat(known.clientCertificates()).containsExactly("CN=client");
                assertThat(stranger.established()).isFalse();
                assertThat(nobody.established()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void clientsMayProveWhoTheyAreWhereThatIsOptional(TlsImplementation provider) throws Exception {
        TlsContexts contexts =
                contexts(settings(provider, BOTH, List.of(), ClientAuth.OPTIONAL), first);

        try (TlsPair known = connect(contexts, client("TLSv1.3", "client"), "example.org");
                TlsPair impostor = connect(contexts, client("TLSv1.3", "impostor"), "example.org");
                TlsPair nobody = connect(contexts, client("TLSv1.3"), "example.org")) {
            assertThat(known.established()).isTrue();
            assertThat(impostor.established()).isFalse();
            assertThat(nobody.established()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void whoIsTrustedNoMoreCannotResumeEither(TlsImplementation provider) throws Exception {
        TlsContexts contexts =
                contexts(settings(provider, BOTH, List.of(), ClientAuth.REQUIRE), first);
        SslContext client = client("TLSv1.3", "client");
        getTicket(contexts, client);

        contexts.trust(List.of(certificate("stranger")));

        try (TlsPair former = connect(contexts, client, "example.org");
                TlsPair trusted = connect(contexts, client("TLSv1.3", "stranger"), "example.org")) {
            assertThat(former.established()).isFalse();
            assertThat(trusted.established()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void nobodyRenegotiates(TlsImplementation provider) throws Exception {
        try (TlsPair pair = connect(contexts(provider, first), client("TLSv1.2"), "example.org")) {
            assertThat(pair.established()).isTrue();
            assertThat(pair.renegotiates()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsImplementation.class,
            names = {"BORINGSSL", "JDK"})
    void onlyTheConfiguredSuitesAreOffered(TlsImplementation provider) throws Exception {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        TlsContexts contexts =
                contexts(settings(provider, BOTH, List.of(suite), ClientAuth.NONE), first);

        try (TlsPair older = connect(contexts, client("TLSv1.2"), "example.org");
                TlsPair newer = connect(contexts, client("TLSv1.3"), "example.org")) {
            assertThat(older.suite()).isEqualTo(suite);
            assertThat(newer.established()).isTrue();
        }
    }

    @Test
    void suitesThatCannotBeOfferedAreNamed() {
        assertRefused(TlsImplementation.JDK, "TLS_ECDHE_RSA_WITH_MADE_UP", "is not known to this");
        assertRefused(
                TlsImplementation.BORINGSSL, "TLS_ECDHE_RSA_WITH_MADE_UP", "is not known to this");
        assertRefused(
                TlsImplementation.JDK, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "protects nothing");
        assertRefused(
                TlsImplementation.BORINGSSL,
                "TLS_AES_256_GCM_SHA384",
                "tls.ciphers: BoringSSL offers all the suites of TLS 1.3 or none; name none of"
                        + " them, or set tls.provider to jdk");
    }

    @Test
    void theJdkOffersSingleSuitesOfTls13() throws Exception {
        TlsContexts contexts =
                contexts(
                        settings(
                                TlsImplementation.JDK,
                                BOTH,
                                List.of("TLS_AES_256_GCM_SHA384"),
                                ClientAuth.NONE),
                        first);

        try (TlsPair pair = connect(contexts, client("TLSv1.3"), "example.org")) {
            assertThat(pair.suite()).isEqualTo("TLS_AES_256_GCM_SHA384");
        }
    }

    @Test
    void aHandshakeHasItsDeadline() {
        EmbeddedChannel channel = new EmbeddedChannel();

        assertThat(
                        contexts(TlsImplementation.AUTO, first)
                                .handlerFor(channel)
                                .getHandshakeTimeoutMillis())
                .isEqualTo(7000);
    }

    private static X509Certificate served(TlsContexts contexts, String version, String name)
            throws Exception {
        return served(contexts, client(version), name);
    }

    private static X509Certificate served(TlsContexts contexts, SslContext client, String name)
            throws Exception {
        try (TlsPair pair = connect(contexts, client, name)) {
            assertThat(pair.established()).isTrue();
            return pair.served();
        }
    }

    private static void getTicket(TlsContexts contexts, SslContext client) {
        try (TlsPair pair = connect(contexts, client, "example.org")) {
            assertThat(pair.exchange("hello")).isEqualTo("hello");
        }
    }

    private static TlsPair connect(TlsContexts contexts, SslContext client, String name) {
        return new TlsPair(contexts, client, name);
    }

    private static void assertRefused(TlsImplementation provider, String suite, String message) {
        TlsSettings settings = settings(provider, BOTH, List.of(suite), ClientAuth.NONE);

        assertThatThrownBy(() -> contexts(settings, first))
                .isInstanceOf(UnusableTls.class)
                .hasMessageContaining(message);
    }

    private static TlsContexts contexts(TlsImplementation provider, Identity... identities) {
        return contexts(defaults(provider), identities);
    }

    private static TlsContexts contexts(TlsSettings settings, Identity... identities) {
        return contexts(settings, new Identities(List.of(identities)));
    }

    private static TlsContexts contexts(TlsSettings settings, Identities identities) {
        return new TlsContexts(
                settings, identities, List.of(certificate("client")), new SecureRandom());
    }

    private static TlsSettings defaults(TlsImplementation provider) {
        return settings(provider, BOTH, List.of(), ClientAuth.NONE);
    }

    private static TlsSettings settings(
            TlsImplementation provider,
            List<String> versions,
            List<String> ciphers,
            ClientAuth clients) {
        return new TlsSettings(provider, versions, ciphers, clients, Duration.ofSeconds(7));
    }

    private static SslContext client(String version) throws Exception {
        return client(builder -> builder.protocols(version));
    }

    private static SslContext client(String version, String certificate) throws Exception {
        return client(
                builder ->
                        builder.protocols(version)
                                .keyManager(
                                        folder.resolve(certificate + ".pem").toFile(),
                                        pkcs8(certificate)));
    }

    private static File pkcs8(String certificate) {
        String file = certificate + ".pkcs8";
        new OpenSsl(folder)
                .run("pkcs8", "-topk8", "-nocrypt", "-in", certificate + ".key", "-out", file);
        return folder.resolve(file).toFile();
    }

    private static SslContext client(UnaryOperator<SslContextBuilder> options) throws Exception {
        return options.apply(
                        SslContextBuilder.forClient()
                                .sslProvider(SslProvider.JDK)
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .endpointIdentificationAlgorithm(null))
                .build();
    }

    private static X509Certificate certificate(String name) {
        return new OpenSsl(folder).files(name, name + ".key").read().certificate();
    }
}
