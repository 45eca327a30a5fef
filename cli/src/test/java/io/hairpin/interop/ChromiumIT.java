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

    private static final int TEN_MEGABYTES = 10 << 20;

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
            Map<String, String> seen =
                    Browser.visit(
                            Map.of(
                                    "scenario", "gather",
                                    "policy", "all",
                                    "url", "stun:127.0.0.1:" + nat.port()),
                            profile);

            List<String> reflexive =
                    seen.get("candidates")
                            .lines()
                            .filter(line -> line.contains(" typ srflx "))
                            .map(line -> line.split(" ")[4] + ":" + line.split(" ")[5])
                            .toList();
            assertThat(reflexive).as("candidates:\n%s", seen.get("candidates")).isNotEmpty();
            assertThat(nat.mappings().map(each -> "127.0.0.1:" + each.getPort()))
                    .containsAll(reflexive);
            assertThat(seen.get("errors")).isEmpty();
        }
    }

    private void assertCallIsRelayed(String transport) {
        Map<String, String> seen = Browser.visit(call(server, transport, TEN_MEGABYTES), profile);

        for (String direction : List.of("there", "back")) {
            assertThat(number(seen, direction + ".bytes")).isEqualTo(TEN_MEGABYTES);
            assertThat(seen.get(direction + ".received"))
                    .as("SHA-256 of what arrived")
                    .hasSize(64)
                    .isEqualTo(seen.get(direction + ".sent"));
        }
        for (String name : List.of("alice", "bob")) {
            assertThat(seen)
                    .containsEntry(name + ".pairState", "succeeded")
                    .containsEntry(name + ".localType", "relay")
                    .containsEntry(name + ".remoteType", "relay")
                    .containsEntry(name + ".relayProtocol", transport)
                    .containsEntry(name + ".relayUrl", turnUrl(server, transport))
                    .doesNotContainKey(name + ".candidateError");
            assertThat(number(seen, name + ".framesDecodedLast"))
                    .isGreaterThan(number(seen, name + ".framesDecodedFirst"));
            assertThat(number(seen, name + ".audioSamplesLast"))
                    .isGreaterThan(number(seen, name + ".audioSamplesFirst"));
        }
        assertThat(seen.get("alice.localAddress")).isEqualTo(seen.get("bob.remoteAddress"));
        assertThat(seen.get("bob.localAddress")).isEqualTo(seen.get("alice.remoteAddress"));
    }

    private void assertRefused(String transport) {
        Map<String, String> seen =
                Browser.visit(
                        Map.of(
                                "scenario", "gather",
                                "policy", "relay",
                                "url", turnUrl(server, transport),
                                "username", ServerUnderTest.USER,
                                "credential", "wrong"),
                        profile);

        assertThat(seen.get("errors").lines())
                .isNotEmpty()
                .allMatch(error -> error.startsWith("401 "));
        assertThat(seen.get("candidates")).isEmpty();
    }

    /// What the page needs for a call.
    static Map<String, String> call(ServerUnderTest server, String transport, int bytes) {
        return Map.of(
                "scenario",
                "call",
                "bytes",
                String.valueOf(bytes),
                "url",
                turnUrl(server, transport),
                "username",
                ServerUnderTest.USER,
                "credential",
                ServerUnderTest.PASSWORD);
    }

    private static String turnUrl(ServerUnderTest server, String transport) {
        return "turn:127.0.0.1:%d?transport=%s"
                .formatted(server.port(transport, "127.0.0.1"), transport);
    }

    private static long number(Map<String, String> seen, String key) {
        return Long.parseLong(seen.get(key));
    }
}
