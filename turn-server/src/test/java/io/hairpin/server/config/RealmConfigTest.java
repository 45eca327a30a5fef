package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The realms beside the first.
class RealmConfigTest {

    @TempDir private Path folder;

    @Test
    void aRealmHasUsersRulesAndLimitsOfItsOwn() throws IOException {
        Loaded loaded =
                load(
                        """
                        - name: example.net
                          listeners: [ "127.0.0.1:3479" ]
                          origins: [ https://app.example.net ]
                          by-name: true
                          authentication: { users: { alice: n } }
                          peers: { allow: [ 10.0.0.0/8 ] }
                          limits:
                            allocations-per-user: 3
                            reservations: 0
                            bandwidth: { realm: 5Mbit/s }
                        """);

        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        Configuration configuration = ((Loaded.Valid) loaded).configuration();
        RealmConfig realm = configuration.realms().getFirst();
        assertThat(realm.authentication().users()).containsOnlyKeys("alice");
        assertThat(realm.limits())
                .isEqualTo(
                        new RealmLimitsConfig(
                                3,
                                10_000,
                                64,
                                160_000,
                                64,
                                160_000,
                                20,
                                0,
                                200,
                                10_000,
                                1,
                                5000,
                                1000,
                                new RealmBandwidthConfig(new DataRate(625_000))));
        assertThat(realm.peers().allow()).hasSize(1);
        assertThat(configuration.toYaml()).contains("name: example.net").doesNotContain("alice: n");
    }

    @Test
    void aRealmThatNothingLeadsToOrThatHasNobodyIsRefused() throws IOException {
        assertThat(problems("- name: example.net\n"))
                .containsExactlyInAnyOrder(
                        "realms[0].name: nothing leads to this realm",
                        "realms[0].authentication: nobody could authenticate in this realm");
    }

    @Test
    void whatOfARealmsLimitsCouldHaveNoEffectIsRefused() throws IOException {
        assertThat(
                        problems(
                                """
                                - name: example.net
                                  by-name: true
                                  authentication: { users: { alice: n } }
                                  limits:
                                    peer-connections: 5
                                    moves-per-user: 5
                                    bandwidth: { realm: 20Mbit/s }
                                """,
                                Map.of("HAIRPIN_LIMITS_BANDWIDTH_SERVER", "10Mbit/s")))
                .containsExactlyInAnyOrder(
                        "realms[0].limits.peer-connections: there are no TCP relays for it to"
                                + " hold for",
                        "realms[0].limits.moves-per-user: clients cannot take their allocations"
                                + " along, so nothing of it is counted",
                        "realms[0].limits.bandwidth.realm: it never matters, since"
                                + " limits.bandwidth.server is 10Mbit/s");
    }

    @Test
    void nothingLeadsToTwoRealms() throws IOException {
        assertThat(
                        problems(
                                """
                                - name: example.org
                                  by-name: true
                                  authentication: { users: { alice: n } }
                                - name: example.net
                                  listeners: [ "127.0.0.1:3479" ]
                                  origins: [ https://a.example ]
                                  authentication: { users: { alice: n } }
                                - name: example.com
                                  listeners: [ "127.0.0.1:3479", "127.0.0.1:5" ]
                                  origins: [ https://A.example, "a.example/x" ]
                                  authentication: { users: { alice: n } }
                                """))
                .containsExactly("realms[2].origins[1]: it is not the origin of web pages");
        assertThat(
                        problems(
                                """
                                - name: example.org
                                  by-name: true
                                  authentication: { users: { alice: n } }
                                - name: example.net
                                  listeners: [ "127.0.0.1:3479" ]
                                  origins: [ https://a.example ]
                                  authentication: { users: { alice: n } }
                                - name: example.com
                                  listeners: [ "127.0.0.1:3479", "127.0.0.1:5" ]
                                  origins: [ https://a.EXAMPLE ]
                                  authentication: { users: { alice: n } }
                                """))
                .containsExactly(
                        "realms[0].name: another realm has this already",
                        "realms[2].listeners[0]: another realm has this already",
                        "realms[2].listeners[1]: no listener has this address and port",
                        "realms[2].origins[0]: another realm has this already");
    }

    @Test
    void whatCouldHaveNoEffectIsRefused() throws IOException {
        assertThat(
                        problems(
                                """
                                - name: example.net
                                  server-names: [ turn.example.net ]
                                  authentication: { users: { alice: n } }
                                  peers: { tcp: { ports: [ 443 ] } }
                                """))
                .containsExactlyInAnyOrder(
                        "realms[0].server-names: clients name a server only when they begin TLS or"
                                + " DTLS, which needs a certificate",
                        "realms[0].peers.tcp: there are no TCP relays for it to hold for");
    }

    @Test
    void aServerNameIsWhatTlsCanCarry() throws IOException {
        assertThat(
                        problems(
                                """
                                - name: example.net
                                  server-names: [ "turn.example.net:5349", "" ]
                                  authentication: { users: { alice: n } }
                                """))
                .containsExactly(
                        "realms[0].server-names[0]: it is not a name that clients can ask for in"
                                + " TLS",
                        "realms[0].server-names[1]: it is not a name that clients can ask for in"
                                + " TLS");
    }

    private List<String> problems(String realms) throws IOException {
        return problems(realms, Map.of());
    }

    private List<String> problems(String realms, Map<String, String> environment)
            throws IOException {
        Loaded loaded = load(realms, environment);
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        return ((Loaded.Invalid) loaded)
                .problems().stream()
                        .map(problem -> problem.key() + ": " + problem.message())
                        .toList();
    }

    private Loaded load(String realms) throws IOException {
        return load(realms, Map.of());
    }

    private Loaded load(String realms, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(
                file,
                """
                realm: example.org
                listeners:
                  - { transport: udp, address: 127.0.0.1, port: 3478 }
                  - { transport: tcp, address: 127.0.0.1, port: 3479 }
                authentication: { users: { alice: a } }
                realms:
                """
                        + realms.indent(2));
        return ConfigurationLoader.load(file, environment);
    }
}
