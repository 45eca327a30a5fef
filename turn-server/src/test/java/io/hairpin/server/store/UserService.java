package io.hairpin.server.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.tls.Identity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The web service of a test, and the webhooks that ask it.
final class UserService implements AutoCloseable {

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    static final CredentialQuery ALICE =
            new CredentialQuery("example.org", "alice", PasswordAlgorithm.MD5);

    /// What alice's password, horse, makes of that.
    static final Credential ALICES =
            new Credential(
                    "alice",
                    IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "horse"));

    /// No test comes near to it, on however slow a machine.
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(300);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final List<Closeable> open = new ArrayList<>();

    /// What came of a request.
    record Heard(String method, String target, @Nullable String token, String body) {}

    /// What came, the oldest first.
    LinkedBlockingQueue<Heard> heard() {
        return heard;
    }

    /// Answers all questions alike.
    URI serving(int status, String body) throws IOException {
        return serving(exchange -> answer(exchange, status, body));
    }

    /// @param handler interrupted in whatever it waits for when the test is over
    URI serving(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 300);
        return serve(server, "http", handler);
    }

    /// Says alice's password over TLS.
    URI secure(Identity identity) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        char[] password = "changeit".toCharArray();
        keys.setKeyEntry(
                "webhook", identity.key(), password, identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 5);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return serve(
                server, "https", exchange -> answer(exchange, 200, "{\"password\":\"horse\"}"));
    }

    private URI serve(HttpServer server, String scheme, HttpHandler handler) {
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    heard.add(
                            new Heard(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    exchange.getRequestHeaders().getFirst("Authorization"),
                                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
                    handler.handle(exchange);
                });
        server.start();
        open.add(() -> server.stop(0));
        return url(scheme, server.getAddress().getPort());
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /// Waits for that, or for the test to be over.
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A service that the test plays by itself, and that does not wait for ever to be asked.
    ServerSocket silent() throws IOException {
        ServerSocket socket = new ServerSocket(0, 5, LOOPBACK);
        open.add(socket);
        socket.setSoTimeout((int) LONG.toMillis());
        return socket;
    }

    static URI url(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port + "/turn?tenant=5");
    }

    CredentialWebhook webhook(URI url) {
        return keep(new CredentialWebhook(url, "t0ken", List.of(), LONG));
    }

    CredentialWebhook withoutToken(URI url) {
        return trusting(url, List.of());
    }

    CredentialWebhook trusting(URI url, List<X509Certificate> authorities) {
        return keep(new CredentialWebhook(url, null, authorities, LONG));
    }

    /// One that waits for so short a time that it may be over before the service has heard of it.
    CredentialWebhook impatient(URI url) {
        return keep(new CredentialWebhook(url, "t0ken", List.of(), SHORT));
    }

    static void assertFails(CompletableFuture<List<Credential>> answer, String why) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(UnansweredLookUp.class)
                .message()
                .startsWith(why)
                .doesNotContain("TELLTALE");
    }

    private CredentialWebhook keep(CredentialWebhook webhook) {
        open.add(webhook::close);
        return webhook;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Closeable each : open) {
            each.close();
        }
        threads.close();
    }
}
