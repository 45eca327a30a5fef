package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The keys under `authentication.webhook`.
class WebhookConfigTest {

    private static final Map<String, String> ANOTHER_USER =
            Map.of("HAIRPIN_AUTHENTICATION_USERS", "alice: horse");

    @TempDir private Path folder;

    @Test
    void withoutAUrlItIsOff() {
        assertThat(WebhookConfig.defaults().isOn()).isFalse();
        assertThat(WebhookConfig.defaults().timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aUrlIsEnoughForServing() throws IOException {
        AuthenticationConfig authentication = valid("url: https://users.example.org/turn");

        assertThat(authentication.webhook().isOn()).isTrue();
        assertThat(authentication.isEmpty()).isFalse();
    }

    @Test
    void everythingCanBeSet() throws IOException {
        Files.writeString(folder.resolve("token"), "dGVzdA==\n");

        WebhookConfig webhook =
                valid(
                                """
                                url: https://users.example.org:8443/turn?tenant=5
                                token: { file: token }
                                ca: private/ca.pem
                                timeout: 5s
                                """)
                        .webhook();

        assertThat(webhook.url())
                .contains(URI.create("https://users.example.org:8443/turn?tenant=5"));
        assertThat(webhook.token()).contains(new Secret("dGVzdA=="));
        assertThat(webhook.ca()).contains(folder.resolve("private/ca.pem"));
        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theEnvironmentMayHoldAllOfIt() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "dGVzdA==\n");

        Loaded loaded =
                load(
                        "timeout: 3s",
                        Map.of(
                                "HAIRPIN_AUTHENTICATION_WEBHOOK_URL",
                                "http://127.0.0.1:8080/",
                                "HAIRPIN_AUTHENTICATION_WEBHOOK_TOKEN_FILE",
                                token.toString()));

        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        WebhookConfig webhook = ((Loaded.Valid) loaded).configuration().authentication().webhook();
        assertThat(webhook.place()).isEqualTo("http://127.0.0.1:8080/");
        assertThat(webhook.token()).contains(new Secret("dGVzdA=="));
    }

    @Test
    void whatIsShownOfItHasNeitherTokenNorQuery() throws IOException {
        Loaded loaded = load("url: https://a.example/b?c=TELLTALE\ntoken: HIDDEN", Map.of());
        Configuration configuration = ((Loaded.Valid) loaded).configuration();

        assertThat(configuration.authentication().webhook().place())
                .isEqualTo("https://a.example/b");
        assertThat(configuration.toYaml()).contains("token: <redacted>").doesNotContain("HIDDEN");
    }

    @Test
    void aRealmMayHaveOneOfItsOwn() throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(
                file,
                """
                realm: example.org
                authentication: { users: { alice: horse } }
                realms:
                  - name: example.net
                    by-name: true
                    authentication: { webhook: { url: "https://users.example.net/" } }
                """);

        assertThat(ConfigurationLoader.load(file, Map.of()))
                .isInstanceOfSatisfying(
                        Loaded.Valid.class,
                        valid ->
                                assertThat(valid.configuration().realms().getFirst())
                                        .extracting(realm -> realm.authentication().webhook())
                                        .extracting(WebhookConfig::place)
                                        .isEqualTo("https://users.example.net/"));
    }

    @Test
    void whatItAnswersMayExpire() throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(
                file,
                """
                realm: example.org
                authentication:
                  expiry: hard-stop
                  webhook: { url: "https://users.example.org/" }
                """);

        assertThat(ConfigurationLoader.load(file, Map.of())).isInstanceOf(Loaded.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://LocalHost:8080/turn",
                "http://127.0.0.53:80",
                "\"http://[::1]:8080/turn\"",
                "HTTPS://users.example.org",
                "\"https://[2001:db8::1]:8443/a/b?c=d\""
            })
    void theseUrlsAreTaken(String url) throws IOException {
        assertThat(valid("url: " + url).webhook().isOn()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://users.example.org/ | passwords would cross the network in the clear",
                "http://192.0.2.7/         | passwords would cross the network in the clear",
                "http://localhost.example/ | passwords would cross the network in the clear",
                "http://127.0.0.1.example/ | passwords would cross the network in the clear",
                "'https://user:pw@a.example/' | it holds credentials of its own, which would be"
                        + " shown with it",
                "https://a.example/b#c     | what is behind # is never sent",
                "https:///turn             | it names no host",
                "https://under_score/turn  | it names no host",
                "https://a.example:99999/  | ports are 1 to 65535",
                "ftp://a.example/          | it begins with neither https:// nor http://",
                "'a b'                     | it is not a URL",
            })
    void theseUrlsAreRefused(String url, String why) throws IOException {
        assertThat(problems("url: \"" + url + "\""))
                .containsExactly("authentication.webhook.url: " + why);
    }

    @Test
    void whatHasNoEffectIsRefused() throws IOException {
        assertThat(problems("token: secret\nca: ca.pem\ntimeout: 3s"))
                .containsExactly(
                        "authentication.webhook.token: there is no service to show it to",
                        "authentication.webhook.ca: there is no certificate to check by it",
                        "authentication.webhook.timeout: there is no service to wait for");
        assertThat(problems("url: http://localhost/\nca: ca.pem"))
                .containsExactly(
                        "authentication.webhook.ca: there is no certificate to check by it");
    }

    @Test
    void aTokenFitsIntoAHeader() throws IOException {
        assertThat(problems("url: https://a.example/\ntoken: \"two words\""))
                .containsExactly(
                        "authentication.webhook.token: a token has 1 to 4096 ASCII characters"
                                + " without spaces");
    }

    @Test
    void whoWaitsNeitherGivesUpAtOnceNorForAMinute() throws IOException {
        assertThat(problems("url: https://a.example/\ntimeout: 0s"))
                .containsExactly("authentication.webhook.timeout: it is out of range");
        assertThat(problems("url: https://a.example/\ntimeout: 31s"))
                .containsExactly("authentication.webhook.timeout: it is out of range");
    }

    private AuthenticationConfig valid(String webhook) throws IOException {
        Loaded loaded = load(webhook, Map.of());
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid) loaded).configuration().authentication();
    }

    private List<String> problems(String webhook) throws IOException {
        Loaded loaded = load(webhook, new HashMap<>(ANOTHER_USER));
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        return ((Loaded.Invalid) loaded)
                .problems().stream()
                        .map(problem -> problem.key() + ": " + problem.message())
                        .toList();
    }

    private Loaded load(String webhook, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(
                file, "realm: example.org\nauthentication:\n  webhook:\n" + webhook.indent(4));
        return ConfigurationLoader.load(file, environment);
    }
}
