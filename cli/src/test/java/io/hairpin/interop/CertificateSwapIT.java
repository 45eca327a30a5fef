package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.hairpin.client.TlsOptions;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Certificates are replaced while calls go on.
class CertificateSwapIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// Messages more that a conversation has to have after something happened.
    private static final int MORE = 200;

    @TempDir private Path folder;
    private Authority authority;
    private Authority.Issued files;
    private EchoPeer peer;
    private ServerUnderTest server;
    private Openssl openssl;

    @BeforeEach
    void startServerAndPeer() {
        authority = Authority.in(folder);
        files = authority.forServer();
        openssl = Openssl.believing(authority);
        peer = EchoPeer.start();
        server = ServerUnderTest.startSecure(folder, files, Map.of("tls.reload-interval", "1s"));
    }

    @AfterEach
    void stopServerAndPeer() {
        if (server != null) {
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @Test
    void callsGoOnWhileTheCertificateIsReplaced() throws IOException {
        Path session = folder.resolve("session.pem");
        openssl.bindAndKeepSession(port("tls"), session);
        String before = shown("tls");
        try (Conversation overTls =
                        Conversation.start(TurnClient.tls(address("tls"), tls()), peer);
                Conversation overTcpsPort =
                        Conversation.start(TurnClient.tls(address("tcp"), tls()), peer);
                Conversation overDtls =
                        Conversation.start(TurnClient.dtls(address("dtls"), tls()), peer)) {
            goesOn(overTls, overTcpsPort, overDtls);

            replace(authority.issue("next", Authority.SERVER_NAME));
            server.awaitLog("certificate replaced", DEADLINE);

            String after = shown("tls");
            assertThat(after).isNotEqualTo(before).isEqualTo(shown("tcp"));
            assertThat(shown("dtls", "-dtls1_2")).isEqualTo(after);
            assertThat(openssl.bind(port("tls"), "-sess_in", session.toString()))
                    .contains("Reused, TLSv1.3");
            goesOn(overTls, overTcpsPort, overDtls);
            overTls.end();
            overTcpsPort.end();
            overDtls.end();
        }
        server.assertUnharmed();
    }

    @Test
    void aBrokenCertificateLeavesTheOldOneServed() throws IOException {
        String before = shown("tls");
        try (Conversation call = Conversation.start(TurnClient.tls(address("tls"), tls()), peer)) {
            Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nnonsense\n");

            server.awaitLog("certificate not replaced, the one in use stays", DEADLINE);
            assertThat(shown("tls")).isEqualTo(before);
            assertThat(shown("dtls", "-dtls1_2")).isEqualTo(before);
            goesOn(call);

            replace(authority.issue("next", Authority.SERVER_NAME));
            server.awaitLog("certificate replaced", DEADLINE);
            assertThat(shown("tls")).isNotEqualTo(before);
            call.end();
        }
    }

    /// As tools for certificates do it: the certificate, then the key, each at once.
    private void replace(Authority.Issued by) throws IOException {
        Files.move(by.certificate(), files.certificate(), ATOMIC_MOVE);
        Files.move(by.key(), files.key(), ATOMIC_MOVE);
    }

    private static void goesOn(Conversation... conversations) {
        for (Conversation conversation : conversations) {
            conversation.await(MORE);
        }
    }

    /// The certificate that a new client is shown.
    private String shown(String listener, String... options) {
        String output = openssl.connect(port(listener), options).output();
        int begin = output.indexOf("-----BEGIN CERTIFICATE-----");
        assertThat(begin).as("where the certificate is in %s", output).isNotNegative();
        return output.substring(begin, output.indexOf("-----END CERTIFICATE-----"));
    }

    private InetSocketAddress address(String listener) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port(listener));
    }

    private int port(String listener) {
        return server.port(listener, "127.0.0.1");
    }

    private TlsOptions tls() {
        return TlsOptions.of(authority.trust());
    }
}
