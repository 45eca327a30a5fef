package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.TurnRestCredential;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

class CredentialsCommandTest {

    private static final Instant NOW = Instant.parse("2026-12-31T23:00:00.5Z");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path folder;

    @Test
    void aCredentialComesWithASnippetForTheBrowser() throws IOException {
        Path file =
                write(
                        """
                        realm: example.org
                        relay: { addresses: [ { bind: 10.0.0.5, advertise: 203.0.113.7 } ] }
                        authentication: { shared-secrets: [ north, south ] }
                        """);
        TurnRestCredential expected =
                TurnRestCredential.mint("north", "alice", Instant.parse("2027-01-01T00:00:00Z"));

        int code = run("-c", file.toString(), "--user", "alice", "--ttl", "1h");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString())
                .isEqualToNormalizingNewlines(
                        """
                        username: 1798761600:alice
                        password: %1$s
                        expires:  2027-01-01T00:00:00Z

                        iceServers: [ {
                          "urls" : [ "stun:203.0.113.7:3478" ]
                        }, {
                          "urls" : [ "turn:203.0.113.7:3478?transport=udp",\
                         "turn:203.0.113.7:3478?transport=tcp" ],
                          "username" : "1798761600:alice",
                          "credential" : "%1$s"
                        } ]
                        """
                                .formatted(expected.password()));
    }

    @Test
    void aSecretAndAHostAreEnough() {
        int code = run("--secret", "north", "--host", "2001:db8::1");

        assertThat(code).isZero();
        assertThat(out.toString())
                .startsWith("username: 1798844400" + System.lineSeparator())
                .contains("turn:[2001:db8::1]:3478?transport=tcp");
    }

    @Test
    void programsGetOneJsonObject() {
        int code =
                run("--secret", "north", "--host", "h", "--ttl", "90s", "--user", "a\"b", "--json");

        assertThat(code).isZero();
        assertThat(out.toString().strip())
                .startsWith("{")
                .endsWith("}")
                .contains("\"username\" : \"1798758090:a\\\"b\"", "\"ttl\" : 90")
                .contains("\"uris\" : [ \"turn:h:3478?transport=udp\"")
                .contains("\"iceServers\" : [ {");
    }

    @Test
    void withoutAnythingElseTheRealmIsTakenForTheHost() throws IOException {
        Path file = write("realm: example.org\nauthentication: { shared-secrets: [ north ] }\n");

        run("-c", file.toString());

        assertThat(out.toString()).contains("turn:example.org:3478?transport=udp");
    }

    @Test
    void aListenerOfOneAddressIsTheHost() throws IOException {
        Path file =
                write(
                        """
                        realm: example.org
                        listeners: [ { transport: tcp, address: 192.0.2.1, port: 443 } ]
                        authentication: { shared-secrets: [ north ] }
                        """);

        run("-c", file.toString());

        assertThat(out.toString())
                .contains("turn:192.0.2.1:443?transport=tcp")
                .doesNotContain("stun:", "transport=udp");
    }

    @Test
    void aConfigurationWithoutSharedSecretsIsAMistake() throws IOException {
        Path file = write("realm: example.org\nauthentication: { users: { alice: x } }\n");

        assertThat(run("-c", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(
                        "error: there is no shared secret; set authentication.shared-secrets in the"
                                + " configuration, or use --secret");
    }

    @Test
    void withoutAConfigurationTheSecretAndTheHostHaveToBeSaid() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--secret", "north")).isEqualTo(2);
        assertThat(err.toString())
                .contains("error: there is no shared secret")
                .contains("error: without a configuration, --host has to say where the server is");
    }

    @Test
    void whatIsNoTimeIsAMistake() {
        assertThat(run("--secret", "north", "--host", "h", "--ttl", "3600")).isEqualTo(2);
        assertThat(run("--secret", "north", "--host", "h", "--ttl", "0s")).isEqualTo(2);
        assertThat(err.toString())
                .contains("'3600' is not a length of time such as 90s, 30m or 24h")
                .contains("'0s' is not a length of time such as 90s, 30m or 24h");
    }

    private int run(String... arguments) {
        ConfigurationOption option =
                new ConfigurationOption(Map.of(), folder.resolve("no-such.yaml"));
        return new CommandLine(new CredentialsCommand(option, InstantSource.fixed(NOW)))
                .setParameterExceptionHandler((e, _) -> Hairpin.explain(e))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("hairpin.yaml"), yaml);
    }
}
