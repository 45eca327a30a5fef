package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// No secret of the configuration shows in what is printed of it, be it right or wrong.
class SecretMarkersTest {

    private static final String MARKER = "TELLTALE";

    /// In Base64 as well, 24 bytes and 33 of them.
    private static final String SHORT_KEY = MARKER.repeat(4);

    private static final String KEY = MARKER.repeat(6);

    /// Every secret there is, and nothing else that has the marker.
    private static final String WHOLE =
            """
            realm: example.org
            tls:
              certificate: chain.pem
              key: key.pem
              key-passphrase: TELLTALE
              more-certificates:
                - { certificate: b.pem, key: b.key, key-passphrase: TELLTALE }
            authentication:
              users: { alice: TELLTALE }
              shared-secrets: [ TELLTALE, TELLTALE2 ]
              oauth:
                server-name: turn.example.org
                keys: [ { id: north, key: %s } ]
              webhook:
                url: https://users.example.org/turn
                token: TELLTALE
            """
                    .formatted(KEY);

    @TempDir Path folder;

    @Test
    void everyKeyThatHoldsASecretIsTried() {
        Stream<String> secrets =
                Keys.leaves().stream().filter(Keys.Leaf::isSecret).map(Keys.Leaf::path);

        assertThat(secrets)
                .containsExactlyInAnyOrder(
                        "tls.key-passphrase",
                        "authentication.users",
                        "authentication.shared-secrets",
                        "authentication.webhook.token");
    }

    @Test
    void aGoodConfigurationShowsNone() throws IOException {
        Configuration configuration =
                switch (load(WHOLE, Map.of())) {
                    case Loaded.Valid(Configuration valid) -> valid;
                    case Loaded.Invalid(List<ConfigProblem> problems) ->
                            throw new AssertionError(problems.toString());
                };

        assertThat(configuration.toString()).doesNotContain(MARKER).contains("<redacted>");
        assertThat(configuration.toYaml()).doesNotContain(MARKER).contains("<redacted>");
    }

    /// Each is put in the place of every secret in turn.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ TELLTALE ]",
                "{ TELLTALE: TELLTALE }",
                "{ file: [ TELLTALE ] }",
                "*TELLTALE",
                "!TELLTALE x",
                "\"TELLTALE",
                "[ TELLTALE",
                "TELLTALE: TELLTALE: TELLTALE",
                "\"TELLTALE\\u0007\"",
                "0xTELLTALE",
                "@TELLTALE",
                "`TELLTALE"
            })
    void aBrokenOneShowsNone(String broken) throws IOException {
        List<String> places =
                List.of(
                        "key-passphrase: TELLTALE\n",
                        "key-passphrase: TELLTALE }",
                        "alice: TELLTALE }",
                        "[ TELLTALE,",
                        "key: " + KEY,
                        "token: TELLTALE\n");
        int refused = 0;
        for (String place : places) {
            assertThat(WHOLE).contains(place);
            String text = WHOLE.replace(place, place.replaceFirst("(TELLTALE)+", "%s"));
            Loaded loaded = load(text.formatted(broken), Map.of());
            assertShowsNone(loaded);
            refused += loaded instanceof Loaded.Invalid ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void oneThatBreaksARuleShowsNone() throws IOException {
        for (String text :
                List.of(
                        WHOLE.replace("alice: TELLTALE", "alice: TELLTALE, alice: TELLTALE"),
                        WHOLE.replace("alice: TELLTALE", "alice: 0xTELLTALE"),
                        WHOLE.replace("alice: TELLTALE", "\"\": TELLTALE"),
                        WHOLE.replace(KEY, "TELLTALE!"),
                        WHOLE.replace(KEY, SHORT_KEY),
                        WHOLE.replace("  key: key.pem\n", ""),
                        WHOLE.replace("shared-secrets:", "shared-secret:"),
                        WHOLE.replace("users:", "user:"),
                        WHOLE.replace("token: TELLTALE", "token: TELL TALE TELLTALE"),
                        WHOLE.replace("token: TELLTALE", "tokens: TELLTALE"),
                        WHOLE.replace("https://", "https://TELLTALE@"),
                        WHOLE.replace("org/turn", "org/turn?TELLTALE#fragment"),
                        WHOLE.replace("org/turn", "org/turn?TELLTALE [not a URL"),
                        WHOLE.replace("key-passphrase:", "key-pass:"))) {
            Loaded loaded = load(text, Map.of());
            assertThat(loaded).as(text).isInstanceOf(Loaded.Invalid.class);
            assertShowsNone(loaded);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[TELLTALE",
                "{alice: [TELLTALE]}",
                "{alice: TELLTALE, alice: TELLTALE}",
                "bob: [ TELLTALE ]",
                "*TELLTALE",
                "\"TELLTALE",
                "{TELLTALE"
            })
    void norDoesTheEnvironment(String value) throws IOException {
        for (Keys.Leaf leaf : Keys.leaves()) {
            if (leaf.isSecret()) {
                assertShowsNone(load(WHOLE, Map.of(leaf.variable(), value)));
            }
        }
        assertShowsNone(load(WHOLE, Map.of("HAIRPIN_AUTHENTICATION_OAUTH_KEYS", value)));
    }

    private static void assertShowsNone(Loaded loaded) {
        assertThat(loaded.toString()).doesNotContain(MARKER);
    }

    private Loaded load(String yaml, Map<String, String> environment) throws IOException {
        return ConfigurationLoader.load(
                Files.writeString(folder.resolve("hairpin.yaml"), yaml), environment);
    }
}
