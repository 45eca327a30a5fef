package io.hairpin.server.store;

import static io.hairpin.server.store.UserService.ALICE;
import static io.hairpin.server.store.UserService.ALICES;
import static io.hairpin.server.store.UserService.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpHandler;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.auth.Term;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.time.Duration;
import java.util.HexFormat;

/// What is made of a web service's answer.
@Timeout(30)
class WebhookAnswerTest {

    private static final CredentialQuery ALICE_BY_SHA_256 =
            new CredentialQuery("example.org", "alice", PasswordAlgorithm.SHA_256);

    @AutoClose private final UserService service = new UserService();

    @Test
    void thePasswordOfAUserBecomesAKey() throws Exception {
        CredentialWebhook webhook =
                service.webhook(service.serving(200, "{\"password\":\"horse\"}"));

        assertThat(webhook.find(ALICE).join()).containsExactly(ALICES);
        assertThat(webhook.find(ALICE_BY_SHA_256).join())
                .containsExactly(
                        new Credential(
                                "alice",
                                IntegrityKey.longTerm(
                                        PasswordAlgorithm.SHA_256,
                                        "alice",
                                        "example.org",
                                        "horse")));
    }

    @Test
    void aKeyIsTakenAsItIs() throws Exception {
        String hex = "00112233445566778899aAbBcCdDeEfF";
        CredentialWebhook webhook =
                service.webhook(service.serving(200, "{\"key\":\"" + hex + "\"}"));

        assertThat(webhook.find(ALICE).join())
                .extracting(Credential::key)
                .containsExactly(IntegrityKey.ofBytes(HexFormat.of().parseHex(hex)));
        assertFails(
                webhook.find(ALICE_BY_SHA_256),
                "in its answer the key is not of 64 hexadecimal digits, as for the algorithm"
                        + " asked");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"password\":\"horse\",\"expires-in\":3600} | 3600",
                "{\"expires-in\":0,\"password\":\"horse\"}    | 0",
                "{\"expires-in\":-5,\"password\":\"horse\"}   | -5",
            })
    void credentialsMayBeLimitedInTime(String answer, long seconds) throws Exception {
        assertThat(service.webhook(service.serving(200, answer)).find(ALICE).join())
                .containsExactly(
                        new Credential("alice", ALICES.key(), Duration.ofSeconds(seconds)));
    }

    @Test
    void whatIsNotKnownOfAnAnswerDoesNotMatter() throws Exception {
        String answer =
                """
                 { "id": 7, "groups": [ { "password": "other" } ], "password": "horse",
                   "key": null, "expires-in": null, "more": { "key": "00" } }
                """;

        assertThat(service.webhook(service.serving(200, answer)).find(ALICE).join())
                .containsExactly(new Credential("alice", ALICES.key(), Term.ENDLESS));
    }

    @Test
    void whomTheServiceDoesNotFindDoesNotExist() throws Exception {
        assertThat(service.webhook(service.serving(404, "x".repeat(100_000))).find(ALICE).join())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 400, 401, 403, 407, 429, 500, 503})
    void anyOtherStatusIsAFailure(int status) throws Exception {
        HttpHandler handler =
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                };

        assertFails(service.webhook(service.serving(handler)).find(ALICE), "answered " + status);
        assertThat(service.heard()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"password\":\"TELLTALE\"              | its answer is not one JSON object",
                "[\"TELLTALE\"]                          | its answer is not one JSON object",
                "TELLTALE                                | its answer is not one JSON object",
                "{\"password\":TELLTALE}                 | its answer is not one JSON object",
                "{\"key\":\"TELLTALE\",\"key\":\"TELLTALE\"} | its answer is not one JSON object",
                "{\"password\":\"TELLTALE\"} {}          | its answer goes on after the JSON"
                        + " object",
                "{}                                      | its answer has neither a password nor a"
                        + " key",
                "{\"Password\":\"TELLTALE\"}             | its answer has neither a password nor a"
                        + " key",
                "{\"password\":\"TELLTALE\",\"key\":\"00\"} | its answer has both a password and a"
                        + " key",
                "{\"password\":[\"TELLTALE\"]}           | in its answer password is not a string",
                "{\"password\":5}                        | in its answer password is not a string",
                "{\"key\":{\"a\":\"TELLTALE\"}}          | in its answer key is not a string",
                "{\"password\":\"\"}                     | in its answer the password is empty or"
                        + " has characters no password may have",
                "{\"password\":\"TELLTALE\\u0007\"}      | in its answer the password is empty or"
                        + " has characters no password may have",
                "{\"key\":\"TELLTALETELLTALETELLTALETELLTALE\"} | in its answer the key is not of"
                        + " 32 hexadecimal digits, as for the algorithm asked",
                "{\"key\":\"\"}                          | in its answer the key is not of 32"
                        + " hexadecimal digits, as for the algorithm asked",
                "{\"password\":\"TELLTALE\",\"expires-in\":\"60\"} | in its answer expires-in is"
                        + " not a whole number of seconds below 2^31",
                "{\"password\":\"TELLTALE\",\"expires-in\":1.5} | in its answer expires-in is"
                        + " not a whole number of seconds below 2^31",
                "{\"password\":\"TELLTALE\",\"expires-in\":2147483648} | in its answer expires-in"
                        + " is not a whole number of seconds below 2^31",
            })
    void anAnswerThatIsNotUnderstoodIsAFailureAndNotQuoted(String answer, String why)
            throws Exception {
        assertFails(service.webhook(service.serving(200, answer)).find(ALICE), why);
    }

    @Test
    void anEmptyAnswerIsAFailure() throws Exception {
        assertFails(
                service.webhook(service.serving(200, "")).find(ALICE),
                "its answer is not one JSON object");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsTooLongIsNotRead(boolean lengthKnown) throws Exception {
        byte[] body = ("{\"password\":\"" + "x".repeat(20_000) + "\"}").getBytes(UTF_8);
        HttpHandler handler =
                exchange -> {
                    exchange.sendResponseHeaders(200, lengthKnown ? body.length : 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                };

        assertFails(
                service.webhook(service.serving(handler)).find(ALICE),
                "its answer broke off, or is longer than 16384 bytes");
    }
}
