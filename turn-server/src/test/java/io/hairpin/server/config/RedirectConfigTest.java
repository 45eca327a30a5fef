package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RedirectConfigTest {

    private static final String SMALLEST =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            """;

    @TempDir Path folder;

    @Test
    void aServerHasTransportAddressPortDomainAndWeight() throws IOException {
        Loaded loaded =
                load(
                        """
                        redirect:
                          when: full
                          alternates:
                            - { transport: udp, address: 203.0.113.9, port: 3478, weight: 3 }
                            - { transport: tcp, address: "2001:db8::9", port: 3479, domain: a.example }
                        """);

        assertThat(((Loaded.Valid) loaded).configuration().redirect())
                .isEqualTo(
                        new RedirectConfig(
                                RedirectWhen.FULL,
                                List.of(
                                        new AlternateConfig(
                                                ListenerTransport.UDP,
                                                InetAddress.ofLiteral("203.0.113.9"),
                                                3478,
                                                Optional.empty(),
                                                Optional.empty(),
                                                3),
                                        new AlternateConfig(
                                                ListenerTransport.TCP,
                                                InetAddress.ofLiteral("2001:db8::9"),
                                                3479,
                                                Optional.of("a.example"),
                                                Optional.empty(),
                                                1))));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        assertThat(
                        problems(
                                """
                                listeners:
                                  - { transport: udp, address: 203.0.113.1, port: 3478 }
                                redirect:
                                  alternates:
                                    - { transport: udp, address: 203.0.113.1, port: 3478 }
                                    - { transport: tcp, address: 203.0.113.2, port: 3478 }
                                """))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("clients would be sent in circles"))
                .anyMatch(problem -> problem.contains("no listener serves that transport"));
        assertThat(
                        problems(
                                """
                                redirect:
                                  alternates:
                                    - { transport: tls, address: 203.0.113.2, port: 5349 }
                                """))
                .singleElement()
                .asString()
                .contains("clients cannot validate the certificate");
        assertThat(
                        problems(
                                """
                                redirect:
                                  alternates:
                                    - { transport: udp, address: 0.0.0.0, port: 0, weight: 0, domain: "a b" }
                                """))
                .hasSize(4);
        assertThat(problems("redirect: { when: full }"))
                .singleElement()
                .asString()
                .contains("it has no effect");
        assertThat(
                        problems(
                                """
                                redirect:
                                  alternates:
                                    - { transport: udp, address: 203.0.113.2, port: 5349 }
                                    - { transport: udp, address: 203.0.113.2, port: 5349, weight: 2 }
                                """))
                .singleElement()
                .asString()
                .contains("this server is there twice");
    }

    @Test
    void anAnycastAddressMaySendToTheServersOwnAndNotBack() throws IOException {
        String listeners =
                """
                listeners:
                  - { transport: udp, address: 192.0.2.53, port: 3478 }
                  - { transport: udp, address: 203.0.113.7, port: 3478 }
                redirect:
                  alternates:
                    - { transport: udp, address: 203.0.113.7, port: 3478, asked-at: 192.0.2.53 }
                """;

        assertThat(load(listeners)).isInstanceOf(Loaded.Valid.class);
        assertThat(
                        problems(
                                listeners
                                        + "    - { transport: udp, address: 192.0.2.53, port: 3478,"
                                        + " asked-at: 203.0.113.7 }\n"))
                .hasSize(2)
                .allMatch(problem -> problem.contains("clients would be sent in circles"));
        assertThat(problems(listeners.replace("at: 192.0.2.53", "at: 192.0.2.54")))
                .singleElement()
                .asString()
                .contains("no listener is on that address");
    }

    private List<String> problems(String more) throws IOException {
        return ((Loaded.Invalid) load(more))
                .problems().stream().map(ConfigProblem::toString).toList();
    }

    private Loaded load(String more) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(file, SMALLEST + more);
        return ConfigurationLoader.load(file, Map.of());
    }
}
