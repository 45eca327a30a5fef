package io.hairpin.server.config;

import static io.hairpin.server.config.ConfigurationFile.NOBODY;
import static io.hairpin.server.config.ConfigurationFile.SMALLEST;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.Cidr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How a configuration is read, and how it is told what is wrong with it.
class ConfigurationLoaderTest {

    @TempDir Path folder;

    private ConfigurationFile file;

    @BeforeEach
    void nameFile() {
        file = new ConfigurationFile(folder);
    }

    @Test
    void theSmallestConfigurationTakesEveryOtherValueFromTheDefaults() throws IOException {
        Configuration configuration = file.valid(SMALLEST);

        assertThat(configuration.realm()).isEqualTo("example.org");
        assertThat(configuration.listeners())
                .extracting(ListenerConfig::toString)
                .containsExactly(
                        "udp 0.0.0.0:3478", "udp [::]:3478", "tcp 0.0.0.0:3478", "tcp [::]:3478");
        assertThat(configuration.relay()).isEqualTo(RelayConfig.defaults());
        assertThat(configuration.authentication().sharedSecrets())
                .containsExactly(new Secret("north"));
        assertThat(configuration.peers()).isEqualTo(PeersConfig.defaults());
        assertThat(configuration.limits()).isEqualTo(LimitsConfig.defaults());
        assertThat(configuration.compatibility()).isEqualTo(CompatibilityConfig.defaults());
        assertThat(configuration.admin())
                .isEqualTo(new AdminConfig(InetAddress.ofLiteral("127.0.0.1"), 9641));
        assertThat(configuration.log()).isEqualTo(new LogConfig(LogFormat.TEXT, LogLevel.INFO));
    }

    @Test
    void everyKeyOfAFullConfigurationIsRead() throws IOException {
        Configuration configuration =
                file.valid(
                        """
                        realm: example.org
                        listeners:
                          - { transport: tcp, address: "::1", port: 3479 }
                        relay:
                          addresses:
                            - { bind: 10.0.0.5, advertise: 203.0.113.7 }
                            - { bind: "2001:db8::5" }
                          ports: 50000-50999
                          threads: 2
                          mobility: true
                        authentication:
                          users: { alice: correct-horse, bob: 0x00112233445566778899aabbccddeeff }
                          shared-secrets: [ north, 0123 ]
                          stale-nonce: 1h30m
                        peers:
                          allow: [ 127.0.0.0/8, "::1/128" ]
                          deny: [ 8.8.8.8 ]
                        limits: { allocations-per-user: 3, tcp-write-queue: 1MiB }
                        compatibility: { rfc5766-channels: true }
                        admin: { address: "::1", port: 9000 }
                        log: { format: json, level: warn }
                        """);

        assertThat(configuration.listeners())
                .extracting(ListenerConfig::toString)
                .containsExactly("tcp [::1]:3479");
        assertThat(configuration.relay())
                .isEqualTo(
                        new RelayConfig(
                                List.of(
                                        new RelayAddress(
                                                InetAddress.ofLiteral("10.0.0.5"),
                                                InetAddress.ofLiteral("203.0.113.7")),
                                        new RelayAddress(
                                                InetAddress.ofLiteral("2001:db8::5"),
                                                InetAddress.ofLiteral("2001:db8::5"))),
                                new PortRange(50000, 50999),
                                2,
                                false,
                                true));
        assertThat(configuration.authentication())
                .isEqualTo(
                        new AuthenticationConfig(
                                Map.of(
                                        "alice", new Secret("correct-horse"),
                                        "bob", new Secret("0x00112233445566778899aabbccddeeff")),
                                List.of(new Secret("north"), new Secret("0123")),
                                Expiry.ALLOCATE,
                                Duration.ofMinutes(90),
                                OauthConfig.defaults(),
                                WebhookConfig.defaults()));
        assertThat(configuration.peers().allow())
                .containsExactly(range("127.0.0.0/8"), range("::1/128"));
        assertThat(configuration.peers().deny()).containsExactly(range("8.8.8.8/32"));
        assertThat(configuration.limits().allocationsPerUser()).isEqualTo(3);
        assertThat(configuration.limits().tcpWriteQueue()).isEqualTo(new ByteSize(1 << 20));
        assertThat(configuration.compatibility().rfc5766Channels()).isTrue();
        assertThat(configuration.admin().port()).isEqualTo(9000);
        assertThat(configuration.log()).isEqualTo(new LogConfig(LogFormat.JSON, LogLevel.WARN));
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() throws IOException {
        String yaml =
                """
                realm: example.org
                listners: []
                listeners:
                  - { transport: sctp, address: 0.0.0.0, port: 5349 }
                  - { transport: udp, address: localhost, port: 70000 }
                relay:
                  addresses:
                    - { bind: 10.0.0.5, advertise: "2001:db8::7" }
                  ports: 65535-49152
                  threads: -1
                authentication:
                  stale-nonce: 600
                peers: { allow: [ 10.0.0.1/8 ] }
                limits:
                  allocations-per-user: many
                  default-lifetime: 2h
                  alocations: 5
                compatibility: { rfc5766-channels: yes }
                """;

        assertThat(file.problems(yaml))
                .containsExactly(
                        "hairpin.yaml:2:1: listners: there is no such key; did you mean"
                                + " listeners?",
                        "hairpin.yaml:4:18: listeners[0].transport is sctp: it is none of the"
                                + " choices; choose one of udp, tcp, tls, dtls",
                        "hairpin.yaml:5:32: listeners[1].address is localhost: it is not an IP"
                                + " address; write one such as 203.0.113.7 or 2001:db8::1; names"
                                + " are not looked up",
                        "hairpin.yaml:8:36: relay.addresses[0].advertise is 2001:db8::7: it is of"
                                + " another family than bind, 10.0.0.5; advertise an IPv4 address"
                                + " for an IPv4 bind and IPv6 for IPv6, each as a relay address of"
                                + " its own",
                        "hairpin.yaml:9:10: relay.ports is 65535-49152: the first port is above"
                                + " the last; write the lower port first, such as 49152-65535",
                        "hairpin.yaml:10:12: relay.threads is -1: it is out of range; choose 0 to"
                                + " 1024",
                        "hairpin.yaml:12:3: authentication.users: " + NOBODY,
                        "hairpin.yaml:12:16: authentication.stale-nonce is 600: it is not a length"
                                + " of time; add the unit: 600s, 600m or 600h",
                        "hairpin.yaml:13:19: peers.allow[0] is 10.0.0.1/8: it is not a range of"
                                + " addresses; write network/length with no bits set beyond the"
                                + " length, such as 10.0.0.0/8",
                        "hairpin.yaml:15:25: limits.allocations-per-user is many: it is not a"
                                + " whole number; write digits only",
                        "hairpin.yaml:16:21: limits.default-lifetime is 2h: it is above"
                                + " max-lifetime, 1h; lower it, or raise limits.max-lifetime",
                        "hairpin.yaml:17:3: limits.alocations: there is no such key; did you mean"
                                + " allocations?",
                        "hairpin.yaml:18:36: compatibility.rfc5766-channels is yes: it is neither"
                                + " true nor false; write true or false");
    }

    @Test
    void keysOfFeaturesThatDoNotExistAreNotIgnored() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        acme: { domain: example.org }
                                        relay: { tcp: true }
                                        """))
                .containsExactly(
                        "hairpin.yaml:3:1: acme: there is no such key; known here: realm,"
                                + " listeners, tls, proxy-protocol, http-backend, relay, sockets,"
                                + " authentication, peers, limits, nat-discovery, redirect,"
                                + " realms, compatibility, admin, log");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() throws IOException {
        assertThat(file.problems(SMALLEST + "realm: example.net\n"))
                .containsExactly(
                        "hairpin.yaml:3:1: realm: this key is there twice; keep one of the two");
    }

    @Test
    void aValueOfTheWrongShapeIsReported() throws IOException {
        assertThat(
                        file.problems(
                                SMALLEST
                                        + """
                                        relay: { ports: [ 1, 2 ], threads: }
                                        peers: { allow: 10.0.0.0/8 }
                                        limits: 5
                                        """))
                .containsExactly(
                        "hairpin.yaml:3:17: relay.ports: a single value is expected here, not a"
                                + " list; give it one",
                        "hairpin.yaml:3:35: relay.threads: a single value is expected here, not"
                                + " nothing; give it one",
                        "hairpin.yaml:4:17: peers.allow: a list is expected here, not a single"
                                + " value; write [ … ], or one \"- …\" a line",
                        "hairpin.yaml:5:9: limits: a section with keys of its own is expected here,"
                                + " not a single value; write each as \"name: value\"");
    }

    @Test
    void aSectionWhoseLinesAreAllCommentsIsAsGoodAsAbsent() throws IOException {
        assertThat(file.valid(SMALLEST + "limits:\n  # max-lifetime: 2h\n").limits())
                .isEqualTo(LimitsConfig.defaults());
    }

    @Test
    void textThatIsNotYamlIsReportedWhereItStands() throws IOException {
        assertThat(file.problems("realm: example.org\nlisteners: [ {\n"))
                .singleElement()
                .asString()
                .startsWith("hairpin.yaml:3:1: this is not YAML");
    }

    @Test
    void aFileThatIsNotThereIsOneProblem() {
        Path missing = Path.of("no-such-folder", "hairpin.yaml");

        assertThat(ConfigurationFile.lines(ConfigurationLoader.load(missing, Map.of())))
                .containsExactly(
                        missing
                                + ": the file cannot be read: there is no such file; name the"
                                + " configuration file with --config");
    }

    private static Cidr range(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
