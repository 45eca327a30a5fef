package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class NatDiscoveryConfigTest {

    private static final String LISTENERS =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            listeners:
              - { transport: udp, address: "::", port: 3478 }
              - { transport: tcp, address: 0.0.0.0, port: 3478 }
              - { transport: udp, address: 10.0.0.5, port: 3478 }
              - { transport: udp, address: 10.0.0.9, port: 3480 }
            """;

    @TempDir Path folder;

    @Test
    void withoutTheSectionItIsOff() throws IOException {
        assertThat(valid(LISTENERS, Map.of()).natDiscovery()).isEmpty();
    }

    @Test
    void thePrimaryListenerIsTheFirstOneOnAnAddressOfTheFamily() throws IOException {
        Configuration configuration =
                valid(LISTENERS + "nat-discovery: { alternate-address: 10.0.0.6 }", Map.of());

        NatDiscoveryConfig config = configuration.natDiscovery().orElseThrow();
        assertThat(config.alternatePort()).isEqualTo(3479);
        assertThat(config.primary(configuration.listeners()))
                .hasToString("Optional[udp 10.0.0.5:3478]");
    }

    @Test
    void theEnvironmentSetsTheWholeSection() throws IOException {
        Configuration configuration =
                valid(
                        LISTENERS,
                        Map.of(
                                "HAIRPIN_NAT_DISCOVERY",
                                "alternate-address: 10.0.0.6, alternate-port: 3500,"
                                        + " advertise: 203.0.113.7,"
                                        + " alternate-advertise: 203.0.113.8"));

        assertThat(configuration.natDiscovery())
                .contains(
                        new NatDiscoveryConfig(
                                InetAddress.ofLiteral("10.0.0.6"),
                                3500,
                                Optional.of(InetAddress.ofLiteral("203.0.113.7")),
                                Optional.of(InetAddress.ofLiteral("203.0.113.8")),
                                1000,
                                50));
        assertThat(configuration.toYaml())
                .contains("nat-discovery:\n  alternate-address: 10.0.0.6\n  alternate-port: 3500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alternate-port: 3479 | nat-discovery.alternate-address: it is missing",
                "alternate-address: 0.0.0.0 | it is not the address of a single host",
                "alternate-address: 10.0.0.5 | the listener udp 10.0.0.5:3478 has that address",
                "alternate-address: '2001:db8::6' | no UDP listener of that family is on an"
                        + " address",
                "alternate-address: 10.0.0.6, alternate-port: 3478 | has that port already",
                "alternate-address: 10.0.0.6, alternate-port: 0 | it is out of range",
                "alternate-address: 10.0.0.6, advertise: 203.0.113.7 | belong together",
                "alternate-address: 10.0.0.6, alternate-advertise: 203.0.113.7 | belong together",
                "alternate-address: 10.0.0.6, advertise: 203.0.113.7,"
                        + " alternate-advertise: 203.0.113.7 | it is the same as advertise",
                "alternate-address: 10.0.0.6, advertise: '::1', alternate-advertise: 203.0.113.7"
                        + " | it is of another family than alternate-address",
                "alternate-address: 10.0.0.6, advertise: 0.0.0.0, alternate-advertise: 203.0.113.7"
                        + " | nobody can send to that address",
                "alternate-address: 10.0.0.6, requests-per-second: 0 | it is out of range",
                "alternate-address: 10.0.0.6, requests-per-source: 0 | it is out of range",
            })
    void aMistakeIsSaidWithItsRemedy(String section, String problem) throws IOException {
        assertThat(problems(LISTENERS + "nat-discovery: { " + section + " }"))
                .singleElement()
                .asString()
                .contains(problem)
                .contains("; ");
    }

    @Test
    void aListenerOnAllAddressesIsInTheWay() throws IOException {
        String listeners =
                LISTENERS + "  - { transport: udp, address: 0.0.0.0, port: 3479 }" + "\n";

        assertThat(problems(listeners + "nat-discovery: { alternate-address: 10.0.0.6 }"))
                .singleElement()
                .asString()
                .contains("the listener udp 0.0.0.0:3479 has a port that is needed");
    }

    @Test
    void aPortOfTheSystemsChoiceWillNotDo() throws IOException {
        String listeners = LISTENERS.replace("10.0.0.5, port: 3478", "10.0.0.5, port: 0");

        assertThat(problems(listeners + "nat-discovery: { alternate-address: 10.0.0.6 }"))
                .singleElement()
                .asString()
                .contains("give the listener a port");
    }

    private Configuration valid(String yaml, Map<String, String> environment) throws IOException {
        Loaded loaded = load(yaml, environment);
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid) loaded).configuration();
    }

    private List<ConfigProblem> problems(String yaml) throws IOException {
        Loaded loaded = load(yaml, Map.of());
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        return ((Loaded.Invalid) loaded).problems();
    }

    private Loaded load(String yaml, Map<String, String> environment) throws IOException {
        return ConfigurationLoader.load(
                Files.writeString(folder.resolve("hairpin.yaml"), yaml), environment);
    }
}
