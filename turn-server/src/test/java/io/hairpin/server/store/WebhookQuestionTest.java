package io.hairpin.server.store;

import static io.hairpin.server.store.UserService.ALICE;
import static io.hairpin.server.store.UserService.ALICES;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.stun.PasswordAlgorithm;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// What a web service is sent.
@Timeout(30)
class WebhookQuestionTest {

    @AutoClose private final UserService service = new UserService();

    @Test
    void theQuestionIsAPostOfJsonWithTheToken() throws Exception {
        CredentialWebhook webhook = service.webhook(service.serving(404, ""));

        webhook.find(ALICE).join();
        webhook.find(new CredentialQuery("a \"realm\"", "b\u00f6b\\", PasswordAlgorithm.SHA_256))
                .join();

        assertThat(service.heard().take())
                .isEqualTo(
                        new UserService.Heard(
                                "POST",
                                "/turn?tenant=5",
                                "Bearer t0ken",
                                "{\"realm\":\"example.org\",\"username\":\"alice\","
                                        + "\"algorithm\":\"MD5\"}"));
        assertThat(service.heard().take().body())
                .isEqualTo(
                        "{\"realm\":\"a \\\"realm\\\"\",\"username\":\"b\u00f6b\\\\\","
                                + "\"algorithm\":\"SHA-256\"}");
    }

    @Test
    void withoutATokenThereIsNoAuthorization() throws Exception {
        CredentialWebhook webhook = service.withoutToken(service.serving(404, ""));

        webhook.find(ALICE).join();

        assertThat(service.heard().take().token()).isNull();
    }

    @Test
    void manyAreLookedUpAtATime() throws Exception {
        int many = 200;
        CountDownLatch all = new CountDownLatch(many);
        HttpHandler together =
                exchange -> {
                    all.countDown();
                    UserService.await(all);
                    UserService.answer(exchange, 200, "{\"password\":\"horse\"}");
                };
        CredentialWebhook webhook = service.webhook(service.serving(together));

        List<CompletableFuture<List<Credential>>> answers =
                IntStream.range(0, many).mapToObj(_ -> webhook.find(ALICE)).toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).containsExactly(ALICES));
    }
}
