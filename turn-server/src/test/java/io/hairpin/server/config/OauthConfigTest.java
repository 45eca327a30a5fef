package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The keys under `authentication.oauth`.
class OauthConfigTest {

    private static final String NORTH = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private static final String UNION = "MTIzNDU2Nzg5MDEyMzQ1Ng==";

    @TempDir private Path folder;

    @Test
    void withoutKeysItIsOff() {
        assertThat(OauthConfig.defaults().isOn()).isFalse();
    }

    @Test
    void keysAndTheNameOfTheServerAreEnoughForServing() throws IOException {
        Files.writeString(folder.resolve("union.key"), UNION + "\n");
        OauthConfig oauth =
                valid(
                        """
                        server-name: turn.example.org
                        keys:
                          - { id: north, key: %s }
                          - { id: union, key: { file: union.key }, algorithm: A128GCM }
                        """
                                .formatted(NORTH));

        assertThat(oauth.isOn()).isTrue();
        assertThat(oauth.serverName()).contains("turn.example.org");
        assertThat(oauth.keys())
                .extracting(OauthKeyConfig::algorithm)
                .containsExactly(TokenAlgorithm.A256GCM, TokenAlgorithm.A128GCM);
        assertThat(oauth.keys().getLast().bytes()).isEqualTo("1234567890123456".getBytes(US_ASCII));
    }

    @Test
    void whatIsShownOfAConfigurationHasNoKey() throws IOException {
        Loaded loaded =
                load(
                        "server-name: turn.example.org\nkeys: [ { id: north, key: "
                                + NORTH
                                + " } ]\n",
                        Map.of());

        assertThat(((Loaded.Valid) loaded).configuration().toYaml())
                .contains("id: north")
                .doesNotContain(NORTH);
    }

    @Test
    void theEnvironmentMayHoldTheKeys() throws IOException {
        Loaded loaded =
                load(
                        "keys: []\n",
                        Map.of(
                                "HAIRPIN_AUTHENTICATION_OAUTH_SERVER_NAME",
                                "turn.example.org",
                                "HAIRPIN_AUTHENTICATION_OAUTH_KEYS",
                                "{ id: north, key: " + NORTH + " }"));

        assertThat(((Loaded.Valid) loaded).configuration().authentication().oauth().isOn())
                .isTrue();
    }

    @Test
    void keysWithoutAServerNameAreRefused() throws IOException {
        assertThat(problems("keys: [ { id: north, key: %s } ]\n".formatted(NORTH)))
                .containsExactly(
                        "authentication.oauth.server-name: it is missing, and access tokens are"
                                + " made for a server by name");
    }

    @Test
    void aServerNameWithoutKeysIsRefused() throws IOException {
        assertThat(problems("server-name: turn.example.org\n"))
                .containsExactly(
                        "authentication.oauth.keys: without a key no access token can be opened");
    }

    @Test
    void aServerNameHasNoSpaces() throws IOException {
        assertThat(
                        problems(
                                "server-name: my server\nkeys: [ { id: north, key: %s } ]\n"
                                        .formatted(NORTH)))
                .containsExactly(
                        "authentication.oauth.server-name: a server name has 1 to 255 ASCII"
                                + " characters without spaces");
    }

    @Test
    void whatIsWrongWithAKeyIsSaidWithoutShowingIt() throws IOException {
        assertThat(
                        problems(
                                """
                                server-name: turn.example.org
                                keys:
                                  - { id: north, key: "%s" }
                                  - { id: union, key: "not Base64" }
                                  - { id: "a\\tb", key: "%s" }
                                """
                                        .formatted(UNION, NORTH)))
                .containsExactly(
                        "authentication.oauth.keys[0].key: A256GCM takes 32 bytes, and it has"
                                + " fewer",
                        "authentication.oauth.keys[1].key: it is not Base64",
                        "authentication.oauth.keys[2].id: a key id has 1 to 508 bytes of printable"
                                + " characters");
    }

    @Test
    void eachKeyHasAnIdOfItsOwn() throws IOException {
        assertThat(
                        problems(
                                """
                                server-name: turn.example.org
                                keys: [ { id: north, key: %s }, { id: north, key: %s } ]
                                """
                                        .formatted(NORTH, NORTH)))
                .containsExactly("authentication.oauth.keys[1].id: another key has the same id");
    }

    private OauthConfig valid(String oauth) throws IOException {
        Loaded loaded = load(oauth, Map.of());
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid) loaded).configuration().authentication().oauth();
    }

    private List<String> problems(String oauth) throws IOException {
        Loaded loaded = load(oauth, Map.of("HAIRPIN_AUTHENTICATION_SHARED_SECRETS", "secret"));
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        return ((Loaded.Invalid) loaded)
                .problems().stream()
                        .map(problem -> problem.key() + ": " + problem.message())
                        .toList();
    }

    private Loaded load(String oauth, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(
                file, "realm: example.org\nauthentication:\n  oauth:\n" + oauth.indent(4));
        return ConfigurationLoader.load(file, environment);
    }
}
