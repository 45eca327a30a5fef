package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Limits on what the server does not do.
class IdleLimitsTest {

    private static final String REALM =
            """
            realm: example.org
            authentication: { users: { alice: a } }
            """;

    private static final String WEBHOOK =
            """
            realm: example.org
            authentication: { webhook: { url: https://users.example.org/turn } }
            """;

    private static final String TCP_ALONE =
            "listeners: [ { transport: tcp, address: 0.0.0.0, port: 3478 } ]\n";

    private static final String UDP_ALONE =
            "listeners: [ { transport: udp, address: 0.0.0.0, port: 3478 } ]\n";

    private static final String REALMS =
            """
            realms:
              - name: example.net
                by-name: true
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "moves, 7",
        "moves-per-user, 7",
        "moves-per-minute, 7",
        "sources.moves-per-address, 7",
        "sources.moves-per-network, 70000",
    })
    void movesNeedMobility(String key, String value) throws IOException {
        assertRefused(
                REALM,
                key,
                value,
                "clients cannot take their allocations along, so nothing of it is counted"
                        + " (set relay.mobility to true, or remove it)");
        assertAccepted(REALM + "relay: { mobility: true }\n", key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "peer-connections, 7",
        "peer-connections-per-user, 7",
        "peer-connections-per-allocation, 7",
        "peer-connect-timeout, 31s",
        "sources.peer-connections-per-address, 7",
        "sources.peer-connections-per-network, 7000",
    })
    void connectionsWithPeersNeedTcpRelays(String key, String value) throws IOException {
        assertRefused(
                REALM,
                key,
                value,
                "there are no TCP relays for it to hold for"
                        + " (set relay.tcp to true, or remove it)");
        assertAccepted(REALM + "relay: { tcp: true }\n", key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "pending-authentications, 7",
        "sources.pending-authentications-per-address, 7",
        "sources.pending-authentications-per-network, 700",
    })
    void whatWaitsNeedsAWebhook(String key, String value) throws IOException {
        assertRefused(
                REALM,
                key,
                value,
                "nobody is looked up, so nothing of it is counted"
                        + " (set authentication.webhook.url, or remove it)");
        assertAccepted(WEBHOOK, key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp-connections, 7",
        "tcp-write-queue, 1MiB",
        "tcp-idle-timeout, 7s",
        "tcp-first-message-timeout, 7s",
    })
    void limitsOnTcpNeedAListener(String key, String value) throws IOException {
        assertRefused(
                REALM + UDP_ALONE,
                key,
                value,
                "it is for clients on TCP, which no listener serves (add a listener such as"
                        + " { transport: tcp, address: 0.0.0.0, port: 3478 }, or remove it)");
        assertAccepted(REALM + TCP_ALONE, key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "unauthenticated-per-source, 7",
        "unauthenticated-per-network, 700",
        "unauthenticated-in-all, 7000",
    })
    void limitsOnUdpNeedAListener(String key, String value) throws IOException {
        assertRefused(
                REALM + TCP_ALONE,
                key,
                value,
                "it is for clients on UDP, which no listener serves (add a listener such as"
                        + " { transport: udp, address: 0.0.0.0, port: 3478 }, or remove it)");
        assertAccepted(REALM + UDP_ALONE, key, value);
    }

    @ParameterizedTest
    @CsvSource({"tls-handshakes, 7", "tls-handshake-timeout, 7s"})
    void limitsOnTlsNeedACertificateAndAListener(String key, String value) throws IOException {
        String why =
                "it is for clients on TLS, which is not served (set tls.certificate and tls.key"
                        + " and have a tcp or tls listener, or remove it)";
        assertRefused(REALM, key, value, why);
        assertRefused(REALM + UDP_ALONE + "tls: { self-signed: true }\n", key, value, why);
        assertAccepted(REALM + TCP_ALONE + "tls: { self-signed: true }\n", key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "dtls-sessions, 7",
        "dtls-handshakes, 7",
        "dtls-handshake-timeout, 7s",
        "dtls-idle-timeout, 7s",
    })
    void limitsOnDtlsNeedACertificateAndAListener(String key, String value) throws IOException {
        String why =
                "it is for clients on DTLS, which is not served (set tls.certificate and tls.key"
                        + " and have a udp or dtls listener, or remove it)";
        assertRefused(REALM, key, value, why);
        assertRefused(REALM + TCP_ALONE + "tls: { self-signed: true }\n", key, value, why);
        assertAccepted(REALM + UDP_ALONE + "tls: { self-signed: true }\n", key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "sources.connections-per-address, 7",
        "sources.connections-per-network, 7000",
    })
    void limitsOnConnectionsNeedSome(String key, String value) throws IOException {
        assertRefused(
                REALM + UDP_ALONE,
                key,
                value,
                "it is for clients on TCP, TLS and DTLS, none of which is served (add a listener"
                        + " such as { transport: tcp, address: 0.0.0.0, port: 3478 }, or remove"
                        + " it)");
        assertAccepted(REALM + TCP_ALONE, key, value);
        assertAccepted(REALM + UDP_ALONE + "tls: { self-signed: true }\n", key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "sources.handshakes-per-address, 7",
        "sources.handshakes-per-network, 700",
    })
    void limitsOnHandshakesNeedACertificate(String key, String value) throws IOException {
        assertRefused(
                REALM,
                key,
                value,
                "it is for clients on TLS and DTLS, neither of which is served"
                        + " (set tls.certificate and tls.key, or remove it)");
        assertAccepted(REALM + "tls: { self-signed: true }\n", key, value);
    }

    @Test
    void aRealmNeedsAWebhookOfItsOwn() throws IOException {
        String users = "    authentication: { users: { alice: a } }\n";
        String webhook = "    authentication: { webhook: { url: https://users.example.net/ } }\n";
        String limits = "    limits: { pending-authentications: 7 }\n";

        assertThat(problems(WEBHOOK + REALMS + users + limits))
                .containsExactly(
                        "realms[0].limits.pending-authentications: users of this realm are not"
                                + " looked up, so nothing of it is counted (give the realm an"
                                + " authentication.webhook.url of its own, or remove it)");
        assertThat(problems(REALM + REALMS + webhook + limits)).isEmpty();
        assertAccepted(REALM + REALMS + webhook, "pending-authentications", "7");
    }

    @Test
    void whatIsAsItWouldBeWithoutBeingSetIsNoMistake() throws IOException {
        assertThat(
                        problems(
                                REALM
                                        + "limits: { moves: 2500, allocations: 5000,"
                                        + " peer-connections: 10000, tls-handshake-timeout: 10s }"))
                .isEmpty();
    }

    @Test
    void aListenerThatIsWrongIsTheOnlyMistake() throws IOException {
        assertThat(
                        problems(
                                REALM
                                        + "listeners: [ { transport: tpc, address: 0.0.0.0, port: 1"
                                        + " } ]\n"
                                        + "limits: { unauthenticated-in-all: 7000 }"))
                .singleElement()
                .asString()
                .startsWith("listeners[0]");
    }

    private void assertRefused(String rest, String key, String value, String why)
            throws IOException {
        assertThat(problems(rest + limit(key, value)))
                .containsExactly("limits." + key + ": " + why);
    }

    private void assertAccepted(String rest, String key, String value) throws IOException {
        assertThat(problems(rest + limit(key, value))).isEmpty();
    }

    private static String limit(String key, String value) {
        return key.startsWith("sources.")
                ? "limits: { sources: { " + key.substring(8) + ": " + value + " } }\n"
                : "limits: { " + key + ": " + value + " }\n";
    }

    private List<String> problems(String yaml) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(file, yaml);
        return switch (ConfigurationLoader.load(file, Map.of())) {
            case Loaded.Valid _ -> List.of();
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream()
                            .map(
                                    problem ->
                                            problem.key()
                                                    + ": "
                                                    + problem.message()
                                                    + " ("
                                                    + problem.remedy()
                                                    + ")")
                            .toList();
        };
    }
}
