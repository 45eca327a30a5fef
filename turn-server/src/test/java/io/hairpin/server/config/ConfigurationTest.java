package io.hairpin.server.config;

import static io.hairpin.server.config.ConfigurationFile.NOBODY;
import static io.hairpin.server.config.ConfigurationFile.SMALLEST;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.Cidr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// What holds between the keys of a configuration.
class ConfigurationTest {

    private static final String NO_REALM =
            "realm: it is missing; set it to the domain the users belong to, such as example.org";

    @TempDir Path folder;

    private ConfigurationFile file;

    @BeforeEach
    void nameFile() {
        file = new ConfigurationFile(folder);
    }

    @Test
    void aRelayNobodyCouldAuthenticateToIsRefused() throws IOException {
        assertThat(file.problems("realm: example.org"))
                .containsExactly("hairpin.yaml: authentication.users: " + NOBODY);
    }

    @Test
    void aMissingRealmIsReported() throws IOException {
        assertThat(file.problems("authentication: { users: { alice: correct-horse } }"))
                .containsExactly("hairpin.yaml: " + NO_REALM);
    }

    @Test
    void anEmptyFileLacksARealmAndSomebodyWhoMayRelay() throws IOException {
        assertThat(file.problems("# nothing yet\n"))
                .containsExactly(
                        "hairpin.yaml: " + NO_REALM,
                        "hairpin.yaml: authentication.users: " + NOBODY);
    }

    @Test
    void rulesForTcpRelaysThatThereAreNotAreRefused() throws IOException {
        assertThat(file.problems(SMALLEST + "peers: { tcp: { ports: [ 443 ] } }\n"))
                .containsExactly(
                        "hairpin.yaml:3:15: peers.tcp: there are no TCP relays for it to hold for;"
                                + " set relay.tcp to true, or remove peers.tcp");
    }

    @Test
    void tcpRelaysThatNobodyCouldAskForAreRefused() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        relay: { tcp: true }
                                        listeners: [ { transport: udp, address: 0.0.0.0, port: 1 } ]
                                        """))
                .singleElement()
                .asString()
                .contains("relay.tcp is true: clients ask for TCP relays over TCP or TLS alone");
    }

    @Test
    void rulesForTcpRelaysAreRead() throws IOException {
        Configuration configuration =
                file.valid(
                        SMALLEST
                                + """
                                relay: { tcp: true }
                                peers: { tcp: { allow: [ 10.0.0.0/8 ], ports: [ 443, 8000-8080 ] } }
                                """);

        TcpPeersConfig tcp = configuration.peers().tcp();
        assertThat(tcp.allow()).extracting(Cidr::toString).containsExactly("10.0.0.0/8");
        assertThat(IntStream.of(442, 443, 444, 7999, 8000, 8080, 8081).filter(tcp::opens))
                .containsExactly(443, 8000, 8080);
    }

    @Test
    void limitsForStrangersThatOthersMakeIdleAreRefused() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        limits:
                                          unauthenticated-per-source: 2000
                                          unauthenticated-in-all: 500
                                        """))
                .containsExactly(
                        "hairpin.yaml:4:3: limits.unauthenticated-per-network is 1000: it is above"
                                + " unauthenticated-in-all, 500; lower it, or raise"
                                + " limits.unauthenticated-in-all",
                        "hairpin.yaml:4:31: limits.unauthenticated-per-source is 2000: it is above"
                                + " unauthenticated-per-network, 1000; lower it, or raise"
                                + " limits.unauthenticated-per-network");
    }

    @Test
    void whatEndsWithACredentialIsReadAndNeedsCredentialsThatEnd() throws IOException {
        String secrets =
                """
                realm: example.org
                authentication: { shared-secrets: [ north ], expiry: hard-stop }
                """;

        assertThat(file.valid(secrets).authentication().expiry()).isEqualTo(Expiry.HARD_STOP);
        assertThat(file.valid(secrets).toYaml()).contains("expiry: hard-stop");
        assertThat(file.problems(secrets.replace("shared-secrets: [ north ]", "users: { a: b }")))
                .singleElement()
                .asString()
                .contains(
                        "authentication.expiry: without shared secrets or a webhook no credential"
                                + " expires");
        assertThat(file.problems(secrets.replace("hard-stop", "HARD_STOP")))
                .singleElement()
                .asString()
                .contains("choose one of allocate, refresh, hard-stop");
    }

    @Test
    void listenersThatClashAreRefused() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        listeners:
                                          - { transport: udp, address: 0.0.0.0, port: 3478 }
                                          - { transport: udp, address: 0.0.0.0, port: 3478 }
                                          - { transport: tls, address: 0.0.0.0, port: 9641 }
                                        tls: { self-signed: true }
                                        """))
                .containsExactly(
                        "hairpin.yaml: admin.port is 9641: the listener tls 0.0.0.0:9641 has that"
                                + " port already; give the admin endpoint another port",
                        "hairpin.yaml:5:5: listeners[1] is udp 0.0.0.0:3478: this listener is"
                                + " there twice; remove one of the two");
    }

    @Test
    void anEmptyListOfListenersIsRefused() throws IOException {
        assertThat(file.problems(SMALLEST + "listeners: []\n"))
                .containsExactly(
                        "hairpin.yaml:3:12: listeners is []: without a listener no client can"
                                + " connect; add one, such as { transport: udp, address: 0.0.0.0,"
                                + " port: 3478 }");
    }

    @Test
    void relayAddressesThatAreThereTwiceAreRefused() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        relay:
                                          addresses:
                                            - { bind: 10.0.0.5, advertise: 203.0.113.7 }
                                            - { bind: 10.0.0.5, advertise: 203.0.113.8 }
                                            - { bind: 10.0.0.6, advertise: 203.0.113.7 }
                                            - { bind: 0.0.0.0 }
                                        """))
                .containsExactly(
                        "hairpin.yaml:8:7: relay.addresses[3].advertise is 0.0.0.0: nobody can"
                                + " send to that address; advertise the address peers reach this"
                                + " machine at");
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        relay:
                                          addresses:
                                            - { bind: 10.0.0.5, advertise: 203.0.113.7 }
                                            - { bind: 10.0.0.5, advertise: 203.0.113.8 }
                                            - { bind: 10.0.0.6, advertise: 203.0.113.7 }
                                        """))
                .containsExactly(
                        "hairpin.yaml:6:15: relay.addresses[1].bind is 10.0.0.5: another relay"
                                + " address has it already; name each address once",
                        "hairpin.yaml:7:36: relay.addresses[2].advertise is 203.0.113.7: another"
                                + " relay address has it already; name each address once");
    }
}
