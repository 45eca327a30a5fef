package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class CheckCommandTest {

    private final Terminal terminal = Terminal.bare();

    @TempDir Path folder;

    @Test
    void aGoodConfigurationIsShownWithDefaultsAndWithoutSecrets() throws IOException {
        Path file = write("realm: example.org\nauthentication: { users: { alice: TELLTALE } }\n");

        Terminal.Printed printed = terminal.run("check", "-c", file.toString());

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .contains("realm: example.org\n", "alice: <redacted>\n", "ports: 49152-65535\n")
                .endsWith("# ok: " + file + System.lineSeparator())
                .doesNotContain("TELLTALE");
        assertThat(printed.err()).isEmpty();
    }

    @Test
    void theLimitsInEffectAreATable() throws IOException {
        Path file =
                write(
                        """
                        realm: example.org
                        authentication: { users: { alice: TELLTALE } }
                        relay: { tcp: true }
                        limits:
                          allocations: 500
                          bandwidth: { per-user: 20Mbit/s, server: 1Gbit/s }
                        realms:
                          - name: example.net
                            by-name: true
                            authentication: { users: { bob@example.net: TELLTALE } }
                            limits: { reservations: 7, bandwidth: { realm: 10Mbit/s } }
                        """);

        Terminal.Printed printed = terminal.run("check", "-c", file.toString());

        assertThat(printed.code()).isZero();
        assertThat(printed.out().lines())
                .containsSubsequence(
                        "# limits               server     user       address    network   "
                                + " allocation",
                        "# allocations          500        20         2000       5000       -",
                        "# permissions          8000       320        32000      80000      64",
                        "# channels             8000       320        32000      80000      64",
                        "# reserved ports       1000       20         200        500        1",
                        "# peer connections     10000      200        2000       5000       32",
                        "# TCP connections      10000      -          2000       5000       -",
                        "# bandwidth            1Gbit/s    20Mbit/s   -          -         "
                                + " 20Mbit/s",
                        "# lifetime             -          -          -          -          10m to"
                                + " 1h",
                        "# limits of a realm    example.net its user",
                        "# allocations          500        20",
                        "# permissions          8000       320",
                        "# channels             8000       320",
                        "# reserved ports       7          20",
                        "# bandwidth            10Mbit/s   10Mbit/s")
                .noneMatch(line -> line.startsWith("# moves") || line.startsWith("# TLS"));
    }

    @Test
    void everyProblemIsALineOfItsOwn() throws IOException {
        Path file = write("realm: example.org\nrelay: { ports: 5-1 }\nlog: { level: loud }\n");

        Terminal.Printed printed = terminal.run("check", "--config", file.toString());

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.out()).isEmpty();
        assertThat(printed.err().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("error: " + file))
                .anyMatch(line -> line.contains(":2:17: relay.ports is 5-1"))
                .anyMatch(line -> line.contains(":3:15: log.level is loud"))
                .anyMatch(line -> line.contains("nobody could authenticate"));
    }

    @Test
    void certificatesAreReadAsAtAStart() throws IOException {
        String base = "realm: example.org\nauthentication: { users: { alice: TELLTALE } }\n";
        Path made = write(base + "tls: { self-signed: true }\n");

        Terminal.Printed printed = terminal.run("check", "-c", made.toString());

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .contains("\n# TLS by ", "\n# certificate made up at this start: localhost");

        Path missing = write(base + "tls: { certificate: gone.pem, key: gone.key }\n");
        printed = terminal.run("check", "-c", missing.toString());

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualToIgnoringNewLines(
                        "error: cannot serve TLS: %s: there is no such file; put it there, or name"
                                        .formatted(folder.resolve("gone.pem"))
                                + " another");
    }

    @Test
    void theEnvironmentNamesTheFileAndOverridesIt() throws IOException {
        Path file = write("realm: example.org\nauthentication: { shared-secrets: [ north ] }\n");

        Terminal.Printed printed =
                terminal.with(
                                Map.of(
                                        "HAIRPIN_CONFIG",
                                        file.toString(),
                                        "HAIRPIN_REALM",
                                        "example.net"))
                        .run("check");

        assertThat(printed.code()).isZero();
        assertThat(printed.out()).contains("realm: example.net").endsWith(lineOf("# ok: " + file));
    }

    @Test
    void theConfigurationOfTheSystemIsTheLastResort() throws IOException {
        Path file = write("realm: example.org\nauthentication: { shared-secrets: [ north ] }\n");

        Terminal.Printed printed = new Terminal(Map.of(), file).run("check");

        assertThat(printed.code()).isZero();
        assertThat(printed.out()).endsWith(lineOf("# ok: " + file));
    }

    @Test
    void theEnvironmentAloneIsAConfigurationToo() {
        Terminal.Printed printed =
                terminal.with(
                                Map.of(
                                        "HAIRPIN_REALM", "example.org",
                                        "HAIRPIN_AUTHENTICATION_SHARED_SECRETS", "north"))
                        .run("check");

        assertThat(printed.code()).isZero();
        assertThat(printed.out()).endsWith(lineOf("# ok: the environment"));
    }

    @Test
    void withoutAConfigurationThereIsNothingToCheck() {
        Terminal.Printed printed = terminal.run("check");

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualTo(
                        lineOf(
                                "error: there is no configuration to check; name one with"
                                        + " --config"));
    }

    @Test
    void aFileThatIsNotThereIsNotTakenForNone() {
        Terminal.Printed printed =
                terminal.run("serve", "-c", folder.resolve("missing.yaml").toString());

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err())
                .contains("missing.yaml: the file cannot be read: there is no such");
    }

    @Test
    void aWebhookIsShownWithoutItsTokenAndWithItsLimits() throws IOException {
        Path file =
                write(
                        """
                        realm: example.org
                        authentication:
                          webhook: { url: "https://users.example.org/turn", token: TELLTALE }
                        """);

        Terminal.Printed printed = terminal.run("check", "-c", file.toString());

        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.out())
                .contains(
                        "url: https://users.example.org/turn\n",
                        "token: <redacted>\n",
                        "# look-ups of users    1000       -          100        250        -")
                .doesNotContain("TELLTALE");
    }

    @Test
    void theAuthoritiesOfAWebhookAreReadAsWell() throws IOException {
        Path file =
                write(
                        """
                        realm: example.org
                        authentication:
                          webhook: { url: "https://users.example.org/turn", ca: missing.pem }
                        """);

        Terminal.Printed printed = terminal.run("check", "-c", file.toString());

        assertThat(printed.code()).isEqualTo(Hairpin.MISTAKEN);
        assertThat(printed.err())
                .isEqualTo(
                        "error: authentication.webhook.ca: "
                                + folder.resolve("missing.pem")
                                + ": there is no such file; put it there, or name another"
                                + System.lineSeparator());
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("hairpin.yaml"), yaml);
    }

    private static String lineOf(String text) {
        return text + System.lineSeparator();
    }
}
