package io.hairpin.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLException;

/// Asks a web service who a user is: one POST a look-up, and in its answer the password or the key.
///
/// Nothing is remembered, redirects are not followed, and an answer that is not understood counts
/// as none.
public final class CredentialWebhook implements CredentialStore {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    /// Answers are short; what is longer is not read.
    private static final int MAX_BODY_BYTES = 16 * 1024;

    private static final Executor THREADS =
            task -> Thread.ofVirtual().name("credential look-up").start(task);

    private final URI url;
    private final @Nullable String token;
    private final Duration timeout;
    private final HttpClient http;

    /// @param token shown to the service as a bearer token; null for none
    /// @param authorities that may have issued its certificate; none for those of the system
    /// @param timeout for each look-up as a whole, from the connection to the end of the answer
    public CredentialWebhook(
            URI url, @Nullable String token, List<X509Certificate> authorities, Duration timeout) {
        this.url = url;
        this.token = token;
        this.timeout = timeout;
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .executor(THREADS)
                        .connectTimeout(timeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        // Without TLS an upgrade would be asked for, which some services refuse.
                        .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        if (!authorities.isEmpty()) {
            builder.sslContext(PrivateAuthorities.trusted(authorities));
        }
        http = builder.build();
    }

    @Override
    public CompletableFuture<List<Credential>> find(CredentialQuery query) {
        CompletableFuture<List<Credential>> answer =
                new CompletableFuture<List<Credential>>()
                        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        start(query, answer, true);
        return answer.exceptionallyCompose(
                failure -> CompletableFuture.failedFuture(Explanation.of(failure, timeout)));
    }

    /// Names are resolved before a request is under way, and whoever asks must not wait for that.
    private void start(
            CredentialQuery query, CompletableFuture<List<Credential>> answer, boolean mayRepeat) {
        THREADS.execute(
                () -> {
                    try {
                        ask(query, answer, mayRepeat);
                    } catch (RuntimeException | LinkageError bug) {
                        answer.completeExceptionally(bug);
                    }
                });
    }

    /// @param mayRepeat whether the question may go out once more: services close connections that
    ///     were kept, and a request may just be on its way there
    private void ask(
            CredentialQuery query, CompletableFuture<List<Credential>> answer, boolean mayRepeat) {
        AtomicBoolean heard = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request(query), body(heard));
        answer.whenComplete((_, _) -> exchange.cancel(true));
        exchange.whenComplete(
                (response, failure) -> {
                    if (failure == null) {
                        read(query, response, answer);
                    } else if (mayRepeat && !heard.get() && isBrokenOff(failure)) {
                        start(query, answer, false);
                    } else if (heard.get() && isBrokenOff(failure)) {
                        answer.completeExceptionally(
                                new UnansweredLookUp(
                                        "its answer broke off, or is longer than "
                                                + MAX_BODY_BYTES
                                                + " bytes"));
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
    }

    private HttpRequest request(CredentialQuery query) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        WebhookMessages.question(query), UTF_8));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    /// Reads as much as there may be, where it says anything beyond the status.
    private static BodyHandler<byte[]> body(AtomicBoolean heard) {
        return head -> {
            heard.set(true);
            BodySubscriber<byte[]> all = BodySubscribers.ofByteArray();
            return head.statusCode() == OK
                    ? BodySubscribers.limiting(all, MAX_BODY_BYTES)
                    : BodySubscribers.replacing(new byte[0]);
        };
    }

    private static void read(
            CredentialQuery query,
            HttpResponse<byte[]> response,
            CompletableFuture<List<Credential>> answer) {
        try {
            answer.complete(
                    switch (response.statusCode()) {
                        case OK -> List.of(WebhookMessages.answer(query, response.body()));
                        case NOT_FOUND -> List.of();
                        default -> throw new UnansweredLookUp("answered " + response.statusCode());
                    });
        } catch (RuntimeException | LinkageError e) {
            answer.completeExceptionally(e);
        }
    }

    private static boolean isBrokenOff(Throwable failure) {
        Throwable cause = Explanation.cause(failure);
        return cause instanceof IOException
                && !(cause instanceof HttpTimeoutException)
                && !(cause instanceof ConnectException)
                && !(cause instanceof SSLException);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
