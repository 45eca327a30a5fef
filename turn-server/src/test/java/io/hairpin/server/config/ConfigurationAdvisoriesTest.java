package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.Advisory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Configurations that other servers took, with rules left out or nobody asked for a password.
class ConfigurationAdvisoriesTest {

    private static final String SMALLEST =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.1-10.0.0.5",
                "10.0.0",
                "127.1",
                "0177.0.0.1",
                "300.1.1.1",
                "fe80::/129",
                "fe80:::",
                "localhost",
                " "
            })
    @Advisory("coturn#1872")
    void coturn1872ARangeThatCannotBeReadIsNotPassedOver(String range) throws IOException {
        for (String rules : List.of("deny: [ \"%s\" ]", "tcp: { deny: [ \"%s\" ] }")) {
            String yaml = SMALLEST + "peers: { " + rules.formatted(range) + " }\n";

            assertThat(file().problems(yaml)).singleElement().asString().contains("peers.");
        }
    }

    @Test
    @Advisory({"coturn image", "turn-rs"})
    void coturnImageWithoutAnybodyToAskForAPasswordNothingStarts() throws IOException {
        assertThat(file().problems("realm: example.org\n"))
                .singleElement()
                .asString()
                .contains("nobody could authenticate, and a relay open to everybody is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "3478abc", "0x10000", "99999999999"})
    @Advisory("coturn#1932")
    void coturn1932APortIsANumberThatThereIs(String port) throws IOException {
        String listeners =
                "listeners: [ { transport: udp, address: 127.0.0.1, port: %s } ]\n".formatted(port);

        assertThat(file().problems(SMALLEST + listeners)).isNotEmpty();
        assertThat(file().problems(SMALLEST + "admin: { port: %s }\n".formatted(port)))
                .isNotEmpty();
        assertThat(file().problems(SMALLEST + "relay: { ports: 49152-%s }\n".formatted(port)))
                .isNotEmpty();
    }

    @Test
    @Advisory("coturn#1932")
    void coturn1932SecretsAreShownNowhere() throws IOException {
        Configuration configuration =
                file().valid(
                                """
                                realm: example.org
                                authentication:
                                  users: { alice: correct-horse }
                                  shared-secrets: [ battery-staple ]
                                """);

        assertThat(ConfigurationYaml.render(configuration))
                .contains("alice")
                .doesNotContain("correct-horse", "battery-staple");
        assertThat(configuration.toString()).doesNotContain("correct-horse", "battery-staple");
    }

    @Test
    @Advisory({"CVE-2018-4059", "turn-rs"})
    void cve20184059TheAdminEndpointIsForThisMachineAloneByDefault() {
        assertThat(AdminConfig.defaults().address().isLoopbackAddress()).isTrue();
    }

    private ConfigurationFile file() {
        return new ConfigurationFile(folder);
    }
}
