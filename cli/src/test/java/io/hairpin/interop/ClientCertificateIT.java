package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// OpenSSL's client shows a certificate of its own, or none.
class ClientCertificateIT {

    private static final List<String> LISTENERS = List.of("tls", "tcp");

    /// How an alert is known that the certificate asked for is missing (RFC 8446 §6).
    private static final String CERTIFICATE_REQUIRED = "SSL alert number 116";

    /// How TLS 1.2 says the same.
    private static final String HANDSHAKE_FAILURE = "SSL alert number 40";

    /// Which one it is that somebody unknown vouches for it depends on the implementation.
    private static final String SOME_ALERT = "SSL alert number ";

    @TempDir private Path folder;
    private Authority authority;
    private Openssl openssl;
    private String[] good;
    private String[] stranger;

    @BeforeEach
    void makeCertificates() throws IOException {
        authority = Authority.in(folder);
        openssl = Openssl.believing(authority);
        good = shown(authority.issue("client", "client"));
        Authority other =
                Authority.in(Files.createDirectory(folder.resolve("other")), "Other Authority");
        stranger = shown(other.issue("stranger", "stranger"));
    }

    @Test
    void anOptionalCertificateMayBeMissingButNotBad() {
        try (ServerUnderTest server = start("optional")) {
            for (String listener : LISTENERS) {
                int port = server.port(listener, "127.0.0.1");

                assertThat(openssl.bind(port))
                        .contains("Acceptable client certificate CA names\nCN = Test Authority");
                openssl.bind(port, good);
                assertThat(openssl.refusal(port, stranger)).contains(SOME_ALERT);
            }
            server.assertUnharmed();
        }
    }

    @Test
    void aRequiredCertificateHasToBeShown() {
        try (ServerUnderTest server = start("required")) {
            for (String listener : LISTENERS) {
                int port = server.port(listener, "127.0.0.1");

                openssl.bind(port, good);
                assertThat(openssl.refusal(port)).contains(CERTIFICATE_REQUIRED);
                assertThat(openssl.refusal(port, "-tls1_2")).contains(HANDSHAKE_FAILURE);
                assertThat(openssl.refusal(port, stranger)).contains(SOME_ALERT);
            }
            server.assertUnharmed();
        }
    }

    private ServerUnderTest start(String clientCertificates) {
        return ServerUnderTest.startSecure(
                folder,
                authority.forServer(),
                Map.of(
                        "tls.client-certificates",
                        clientCertificates,
                        "tls.client-ca",
                        authority.own().certificate().toString()));
    }

    private static String[] shown(Authority.Issued own) {
        return new String[] {"-cert", own.certificate().toString(), "-key", own.key().toString()};
    }
}
