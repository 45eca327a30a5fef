package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.Cidr;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class EnvironmentVariablesTest {

    private static final Map<String, String> SMALLEST =
            Map.of(
                    "HAIRPIN_REALM", "example.org",
                    "HAIRPIN_AUTHENTICATION_SHARED_SECRETS", "[north]");

    @TempDir Path folder;

    @Test
    void theEnvironmentAloneCanConfigureAServer() {
        Configuration configuration = valid(SMALLEST);

        assertThat(configuration.realm()).isEqualTo("example.org");
        assertThat(configuration.authentication().sharedSecrets())
                .containsExactly(new Secret("north"));
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("hairpin.yaml"),
                        """
                        realm: example.org
                        authentication: { shared-secrets: [ south ] }
                        relay: { threads: 7, ports: 1-2 }
                        """);

        Loaded loaded =
                ConfigurationLoader.load(
                        file, with("HAIRPIN_RELAY_PORTS", "50000-50999", "HAIRPIN_REALM", "a # b"));

        Configuration configuration = valid(loaded);
        assertThat(configuration.realm()).isEqualTo("a # b");
        assertThat(configuration.relay())
                .isEqualTo(
                        new RelayConfig(List.of(), new PortRange(50000, 50999), 7, false, false));
        assertThat(configuration.authentication().sharedSecrets())
                .containsExactly(new Secret("north"));
    }

    @Test
    void listsAndMappingsAreYamlWhoseBracketsMayBeLeftOut() {
        Configuration configuration =
                valid(
                        with(
                                "HAIRPIN_AUTHENTICATION_USERS",
                                        "alice: correct-horse, bob: battery",
                                "HAIRPIN_PEERS_ALLOW", "127.0.0.0/8, ::1/128",
                                "HAIRPIN_PEERS_DENY", "",
                                "HAIRPIN_LISTENERS",
                                        "{ transport: udp, address: '::', port: 3479 }",
                                "HAIRPIN_LIMITS_MAX_LIFETIME", "2h"));

        assertThat(configuration.authentication().users())
                .containsExactly(
                        Map.entry("alice", new Secret("correct-horse")),
                        Map.entry("bob", new Secret("battery")));
        assertThat(configuration.peers().allow())
                .containsExactly(
                        Cidr.parse("127.0.0.0/8").orElseThrow(),
                        Cidr.parse("::1/128").orElseThrow());
        assertThat(configuration.peers().deny()).isEmpty();
        assertThat(configuration.listeners())
                .extracting(ListenerConfig::toString)
                .containsExactly("udp [::]:3479");
        assertThat(configuration.limits().maxLifetime()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void problemsNameTheVariable() {
        assertThat(
                        problems(
                                with(
                                        "HAIRPIN_RELAY_PORTS", "many",
                                        "HAIRPIN_PEERS_ALLOW", "[10.0.0.1/8",
                                        "HAIRPIN_LIMITS_MAX_LIFETIMES", "1h",
                                        "HAIRPIN_SOMETHING_ELSE", "1")))
                .containsExactlyInAnyOrder(
                        "$HAIRPIN_RELAY_PORTS: relay.ports is many: it is not a range of ports;"
                                + " write the lower port first, such as 49152-65535",
                        "$HAIRPIN_PEERS_ALLOW: peers.allow: this is not YAML: expected ',' or ']',"
                                + " but got <stream end>; look at the indentation here, and quote"
                                + " text with special characters in it",
                        "$HAIRPIN_LIMITS_MAX_LIFETIMES: no key has this variable; did you mean"
                                + " HAIRPIN_LIMITS_MAX_LIFETIME?",
                        "$HAIRPIN_SOMETHING_ELSE: no key has this variable; unset it, or see"
                                + " hairpin.yaml for the keys there are");
    }

    @Test
    void variablesOfTheLauncherAreNoKeys() {
        Map<String, String> launcher =
                Map.of("HAIRPIN_JAVA_HOME", "/jdk", "HAIRPIN_CONFIG", "x", "PATH", "/bin");

        assertThat(ConfigurationLoader.isConfigured(launcher)).isFalse();
        assertThat(ConfigurationLoader.isConfigured(SMALLEST)).isTrue();
    }

    @Test
    void whatKubernetesSaysOfAServiceOfThatNameIsNoKey() {
        Map<String, String> links =
                Map.of(
                        "HAIRPIN_SERVICE_HOST", "10.0.0.1",
                        "HAIRPIN_SERVICE_PORT", "3478",
                        "HAIRPIN_SERVICE_PORT_TURN_UDP", "3478",
                        "HAIRPIN_PORT", "udp://10.0.0.1:3478",
                        "HAIRPIN_PORT_3478_UDP", "udp://10.0.0.1:3478",
                        "HAIRPIN_PORT_3478_UDP_ADDR", "10.0.0.1",
                        "HAIRPIN_ADMIN_SERVICE_HOST", "10.0.0.2",
                        "HAIRPIN_ADMIN_PORT", "tcp://10.0.0.2:9641");

        assertThat(ConfigurationLoader.isConfigured(links)).isFalse();
        assertThat(problems(Map.of("HAIRPIN_ADMIN_PRT", "1")))
                .first()
                .asString()
                .endsWith("did you mean HAIRPIN_ADMIN_PORT?");
    }

    @Test
    void secretsCanBeReadFromFiles() throws IOException {
        Path secrets = Files.writeString(folder.resolve("secrets"), "north, [1]\n\nsouth #2\n");
        Path users = Files.writeString(folder.resolve("users"), "alice: correct-horse\nbob: x\n");

        Configuration configuration =
                valid(
                        Map.of(
                                "HAIRPIN_REALM", "example.org",
                                "HAIRPIN_AUTHENTICATION_SHARED_SECRETS_FILE", secrets.toString(),
                                "HAIRPIN_AUTHENTICATION_USERS_FILE", users.toString()));

        assertThat(configuration.authentication().sharedSecrets())
                .containsExactly(new Secret("north, [1]"), new Secret("south #2"));
        assertThat(configuration.authentication().users()).containsOnlyKeys("alice", "bob");
    }

    @Test
    void pathsAreRelativeToWhereTheServerIsStartedAndPassphrasesAreNoYaml() throws IOException {
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "[north\n");
        Path file = Files.writeString(folder.resolve("hairpin.yaml"), "tls: { key: key.pem }\n");

        Configuration configuration =
                valid(
                        ConfigurationLoader.load(
                                file,
                                with(
                                        "HAIRPIN_TLS_CERTIFICATE",
                                        "chain.pem",
                                        "HAIRPIN_TLS_KEY_PASSPHRASE_FILE",
                                        passphrase.toString(),
                                        "HAIRPIN_HTTP_BACKEND",
                                        "web:8080")));

        assertThat(configuration.tls().certificates())
                .containsExactly(
                        new CertificateConfig(
                                Path.of("chain.pem"),
                                folder.resolve("key.pem"),
                                Optional.of(new Secret("[north"))));
        assertThat(configuration.httpBackend()).contains(new HostPort("web", 8080));
    }

    @Test
    void aSecretGivenTwiceOrInNoFileIsAProblem() {
        String missing = folder.resolve("missing").toString();

        assertThat(
                        problems(
                                with(
                                        "HAIRPIN_AUTHENTICATION_SHARED_SECRETS_FILE", missing,
                                        "HAIRPIN_AUTHENTICATION_USERS_FILE", missing)))
                .containsExactly(
                        "$HAIRPIN_AUTHENTICATION_USERS_FILE: authentication.users is "
                                + missing
                                + ": the file cannot be read: there is no such file; make it"
                                + " readable for the user this runs as, or name another",
                        "$HAIRPIN_AUTHENTICATION_SHARED_SECRETS_FILE:"
                            + " authentication.shared-secrets:"
                            + " HAIRPIN_AUTHENTICATION_SHARED_SECRETS is set as well; set one of"
                            + " the two");
    }

    private static Map<String, String> with(String... pairs) {
        Map<String, String> variables = new TreeMap<>(SMALLEST);
        for (int i = 0; i < pairs.length; i += 2) {
            variables.put(pairs[i], pairs[i + 1]);
        }
        return variables;
    }

    private static Configuration valid(Map<String, String> environment) {
        return valid(ConfigurationLoader.load(environment));
    }

    private static Configuration valid(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Valid(Configuration configuration) -> configuration;
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private static List<String> problems(Map<String, String> environment) {
        return switch (ConfigurationLoader.load(environment)) {
            case Loaded.Valid(Configuration configuration) ->
                    throw new AssertionError(configuration.toString());
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream().map(ConfigProblem::toString).toList();
        };
    }
}
