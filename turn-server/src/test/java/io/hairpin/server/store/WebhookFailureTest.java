package io.hairpin.server.store;

import static io.hairpin.server.store.UserService.ALICE;
import static io.hairpin.server.store.UserService.LOOPBACK;
import static io.hairpin.server.store.UserService.assertFails;
import static io.hairpin.server.store.UserService.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpHandler;

import io.hairpin.server.auth.Credential;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What comes of services that cannot be reached, or do not answer to the end.
@Timeout(30)
class WebhookFailureTest {

    @AutoClose private final UserService service = new UserService();
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void aServiceThatHangsIsNotWaitedForLonger() throws Exception {
        URI url = service.serving(_ -> UserService.await(never));

        assertFails(service.impatient(url).find(ALICE), "timed out after 300 ms");
    }

    @Test
    void noMoreIsOneThatTricklesItsAnswer() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        HttpHandler trickle =
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    begun.countDown();
                    try (OutputStream out = exchange.getResponseBody()) {
                        while (!never.await(10, TimeUnit.MILLISECONDS)) {
                            out.write(' ');
                            out.flush();
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } catch (IOException _) {
                        gone.countDown();
                    }
                };
        CredentialWebhook webhook = service.impatient(service.serving(trickle));

        do { // a busy machine may not even get to the service within that time
            assertFails(webhook.find(ALICE), "timed out after 300 ms");
        } while (begun.getCount() > 0);

        gone.await(); // the connection is not left open
    }

    @Test
    void aServiceThatDoesNotEvenSpeakHttpIsNotWaitedFor() throws Exception {
        ServerSocket silent = service.silent();

        assertFails(
                service.impatient(url("http", silent.getLocalPort())).find(ALICE),
                "timed out after 300 ms");
    }

    @Test
    void nobodyListeningIsARefusedConnection() throws Exception {
        try (Socket bound = new Socket()) { // so that nobody else listens there meanwhile
            bound.bind(new InetSocketAddress(LOOPBACK, 0));

            assertFails(
                    service.webhook(url("http", bound.getLocalPort())).find(ALICE),
                    "connection refused");
        }
    }

    @Test
    void aHostThatDoesNotExistIsSaidToBeMissing() {
        String tooLong = "u".repeat(64); // for a label: no name server needs to be asked

        assertFails(
                service.webhook(URI.create("http://" + tooLong + ".invalid/")).find(ALICE),
                "no such host");
    }

    @Test
    void aConnectionThatIsClosedIsTriedOnceMore() throws Exception {
        ServerSocket server = service.silent();
        CompletableFuture<List<Credential>> answer =
                service.webhook(url("http", server.getLocalPort())).find(ALICE);
        server.accept().close();
        try (Socket second = server.accept()) {
            assertThat(second.getInputStream().read()).isEqualTo('P'); // of POST
            second.getOutputStream()
                    .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));

            assertThat(answer.join()).isEmpty();
        }
    }

    @Test
    void andNotAThirdTime() throws Exception {
        ServerSocket server = service.silent();
        CompletableFuture<List<Credential>> answer =
                service.webhook(url("http", server.getLocalPort())).find(ALICE);
        server.accept().close();
        server.accept().close();

        assertFails(answer, "the connection was closed without an answer");
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        HttpHandler hanging =
                _ -> {
                    asked.countDown();
                    UserService.await(never);
                };
        CredentialWebhook webhook = service.webhook(service.serving(hanging));
        CompletableFuture<List<Credential>> answer = webhook.find(ALICE);
        asked.await();

        webhook.close();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(UnansweredLookUp.class);
        assertThatThrownBy(webhook.find(ALICE)::join).hasCauseInstanceOf(UnansweredLookUp.class);
    }
}
