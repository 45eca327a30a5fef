package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// Two browsers hold a call through Hairpin over TLS, on the port for it and on the shared one.
class ChromiumTlsIT {

    @TempDir private Path profile;

    private static Authority.Issued certificate;
    private static ServerUnderTest server;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        Tool.CHROMIUM.path();
        certificate = Authority.in(folder).forServer();
        server = ServerUnderTest.startSecure(folder, certificate, Map.of());
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

    @Test
    void aCallIsRelayedOverTls() {
        assertCallIsRelayed("tls");
    }

    @Test
    void aCallIsRelayedOverTlsOnThePortOfTcp() {
        assertCallIsRelayed("tcp");
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefused() {
        Browser.Report seen =
                Browser.visit(
                        Map.of(
                                "scenario",
                                "gather",
                                "policy",
                                "relay",
                                "url",
                                url("tls"),
                                "username",
                                ServerUnderTest.USER,
                                "credential",
                                ServerUnderTest.PASSWORD),
                        profile);

        assertThat(seen.text("candidates")).isEmpty();
    }

    private void assertCallIsRelayed(String listener) {
        RelayedCall call = new RelayedCall(url(listener), "tls");
        call.assertHeld(
                Browser.visit(
                        call.parameters(RelayedCall.TEN_MEGABYTES),
                        profile,
                        "--ignore-certificate-errors-spki-list="
                                + certificate.publicKeyFingerprint()));
    }

    private static String url(String listener) {
        return "turns:127.0.0.1:%d?transport=tcp".formatted(server.port(listener, "127.0.0.1"));
    }
}
