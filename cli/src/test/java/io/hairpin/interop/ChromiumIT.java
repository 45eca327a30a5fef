package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Two browsers that may not talk directly hold a call through Hairpin.
class ChromiumIT {

    @TempDir private Path folder;
    private ServerUnderTest server;
    private Path profile;

    @BeforeEach
    void startServer() throws IOException {
        Tool.CHROMIUM.path();
        profile = Files.createDirectory(folder.resolve("profile"));
        server = ServerUnderTest.start(folder);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            try (ServerUnderTest stopped = server) {
                stopped.assertUnharmed();
            }
        }
    }

    @Test
    void aCallIsRelayedOverUdp() {
        assertCallIsRelayed("udp");
    }

    @Test
    void aCallIsRelayedOverTcp() {
        assertCallIsRelayed("tcp");
    }

    @Test
    void aWrongPasswordIsToldOverUdp() {
        assertRefused("udp");
    }

    @Test
    void aWrongPasswordIsToldOverTcp() {
        assertRefused("tcp");
    }

    @Test
    void aBrowserBehindANatLearnsItsAddress() {
        InetSocketAddress serverAddress =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.port("udp", "127.0.0.1"));
        try (AddressTranslator nat = AddressTranslator.before(serverAddress)) {
            Browser.Report seen =
                    Browser.visit(
                            Map.of(
                                    "scenario", "gather",
                                    "policy", "all",
                                    "url", "stun:127.0.0.1:" + nat.port()),
                            profile);

            // A candidate's fifth and sixth word are its address and port (RFC 8839 §5.1).
            List<String> reflexive =
                    seen.lines("candidates").stream()
                            .filter(candidate -> candidate.contains(" typ srflx "))
                            .map(candidate -> candidate.split(" ", 7))
                            .map(words -> words[4] + ":" + words[5])
                            .toList();
            assertThat(reflexive).as("of the candidates in %s", seen).isNotEmpty();
            assertThat(nat.mappings().map(each -> "127.0.0.1:" + each.getPort()))
                    .containsAll(reflexive);
            assertThat(seen.text("errors")).isEmpty();
        }
    }

    private void assertCallIsRelayed(String transport) {
        RelayedCall call = new RelayedCall(turnUrl(server, transport), transport);
        call.assertHeld(Browser.visit(call.parameters(RelayedCall.TEN_MEGABYTES), profile));
    }

    private void assertRefused(String transport) {
        Browser.Report seen =
                Browser.visit(
                        Map.of(
                                "scenario", "gather",
                                "policy", "relay",
                                "url", turnUrl(server, transport),
                                "username", ServerUnderTest.USER,
                                "credential", "wrong"),
                        profile);

        assertThat(seen.lines("errors")).isNotEmpty().allMatch(error -> error.startsWith("401 "));
        assertThat(seen.text("candidates")).isEmpty();
    }

    /// What the page needs for a call.
    static Map<String, String> call(ServerUnderTest server, String transport, int bytes) {
        return new RelayedCall(turnUrl(server, transport), transport).parameters(bytes);
    }

    private static String turnUrl(ServerUnderTest server, String transport) {
        return "turn:127.0.0.1:%d?transport=%s"
                .formatted(server.port(transport, "127.0.0.1"), transport);
    }
}
