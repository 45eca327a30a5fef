package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SecretsTest {

    @TempDir Path folder;

    @Test
    void aSecretCanStandInAFileBesideTheConfiguration() throws IOException {
        Files.writeString(folder.resolve("north"), "correct horse \n");
        Files.writeString(folder.resolve("alice"), "battery");

        AuthenticationConfig authentication =
                valid(
                        """
                        users: { alice: { file: alice }, bob: staple }
                        shared-secrets: [ { file: north }, south ]
                        """);

        assertThat(authentication.sharedSecrets())
                .containsExactly(new Secret("correct horse "), new Secret("south"));
        assertThat(authentication.users())
                .containsEntry("alice", new Secret("battery"))
                .containsEntry("bob", new Secret("staple"));
    }

    @Test
    void aSecretFileThatCannotBeUsedIsAProblem() throws IOException {
        Files.writeString(folder.resolve("empty"), "\n");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF});

        assertThat(
                        problems(
                                """
                                shared-secrets:
                                  - { file: missing }
                                  - { file: empty }
                                  - { file: binary }
                                  - { file: . }
                                  - { path: north }
                                """))
                .containsExactly(
                        "hairpin.yaml:4:15: authentication.shared-secrets[0] is missing: the file"
                                + " cannot be read: there is no such file; make it readable for the"
                                + " user this runs as, or name another",
                        "hairpin.yaml:5:15: authentication.shared-secrets[1]: an empty secret"
                                + " protects nothing; give the secret, or { file: … } to read it"
                                + " from a file",
                        "hairpin.yaml:6:15: authentication.shared-secrets[2] is binary: the file"
                                + " cannot be read: it is not UTF-8 text; make it readable for the"
                                + " user this runs as, or name another",
                        "hairpin.yaml:7:15: authentication.shared-secrets[3] is .: the file cannot"
                                + " be read: it is a directory; make it readable for the user this"
                                + " runs as, or name another",
                        "hairpin.yaml:8:7: authentication.shared-secrets[4]: only { file: … } can"
                                + " stand for a secret; name the file");
    }

    @Test
    void noProblemShowsASecret() throws IOException {
        String passwords =
                """
                users:
                  alice: 0xTELLTALE
                  "": TELLTALE
                  bob: [ TELLTALE ]
                  carol: *TELLTALE
                """;

        assertThat(problems(passwords)).isNotEmpty().noneMatch(line -> line.contains("TELLTALE"));
        assertThat(problems(passwords.replace("*", "x")))
                .hasSize(1)
                .noneMatch(line -> line.contains("TELLTALE"));
        assertThat(problems(passwords.replace("*", "x").replace("[ TELLTALE ]", "x")))
                .hasSize(2)
                .noneMatch(line -> line.contains("TELLTALE"));
    }

    @Test
    void usernamesAreComparedAsTheyAreLookedUp() throws IOException {
        assertThat(problems("users: { \"ali\\u00A0ce\": one, ali ce: two }"))
                .singleElement()
                .asString()
                .contains("another user has the same name once prepared (RFC 8265 §4.2)");
    }

    @Test
    void keysOfTwoKindsExcludeEachOther() throws IOException {
        String md5 = "0x" + "00".repeat(16);
        String sha256 = "0x" + "00".repeat(32);

        assertThat(problems("users: { alice: %s, bob: %s }".formatted(md5, sha256)))
                .singleElement()
                .asString()
                .contains("authentication.users: some have an MD5 key and others a SHA-256 key");
        assertThat(valid("users: { alice: %s, bob: a password }".formatted(sha256)).users())
                .hasSize(2);
    }

    @Test
    void theRedactedOutputOfCheckDoesNotBecomeASecretThatAllKnow() throws IOException {
        assertThat(problems("shared-secrets: [ <redacted> ]"))
                .containsExactly(
                        "hairpin.yaml:3:21: authentication.shared-secrets[0]: the real secret was"
                            + " left out here; give the secret, or { file: … } to read it from a"
                            + " file");
    }

    @Test
    void aSecretDoesNotShowItself() {
        assertThat(new Secret("north")).hasToString("<redacted>");
        assertThatThrownBy(() -> new Secret("")).isInstanceOf(IllegalArgumentException.class);
    }

    private AuthenticationConfig valid(String authentication) throws IOException {
        return switch (load(authentication)) {
            case Loaded.Valid(Configuration configuration) -> configuration.authentication();
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private List<String> problems(String authentication) throws IOException {
        return switch (load(authentication)) {
            case Loaded.Valid(Configuration configuration) ->
                    throw new AssertionError(configuration.toString());
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream()
                            .map(ConfigProblem::toString)
                            .map(line -> line.substring(folder.toString().length() + 1))
                            .toList();
        };
    }

    private Loaded load(String authentication) throws IOException {
        return ConfigurationLoader.load(
                Files.writeString(
                        folder.resolve("hairpin.yaml"),
                        "realm: example.org\nauthentication:\n" + authentication.indent(2)),
                Map.of());
    }
}
