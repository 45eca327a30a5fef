package io.hairpin.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.auth.Term;
import io.hairpin.server.tls.Identity;
import io.hairpin.server.tls.SelfSigned;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

@Timeout(30)
class CredentialWebhookTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final CredentialQuery ALICE =
            new CredentialQuery("example.org", "alice", PasswordAlgorithm.MD5);
    private static final CredentialQuery ALICE_BY_SHA_256 =
            new CredentialQuery("example.org", "alice", PasswordAlgorithm.SHA_256);

    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "horse");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);
    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    /// What came of a request.
    private record Heard(String method, String target, @Nullable String token, String body) {}

    @AfterEach
    void closeAll() throws Exception {
        over.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
        threads.close();
    }

    @Test
    void thePasswordOfAUserBecomesAKey() throws Exception {
        CredentialWebhook webhook = webhook(serving(200, "{\"password\":\"horse\"}"));

        assertThat(webhook.find(ALICE).join()).containsExactly(new Credential("alice", KEY));
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
    void theQuestionIsAPostOfJsonWithTheToken() throws Exception {
        CredentialWebhook webhook = webhook(serving(404, ""));

        webhook.find(ALICE).join();
        webhook.find(new CredentialQuery("a \"realm\"", "b\u00f6b\\", PasswordAlgorithm.SHA_256))
                .join();

        assertThat(heard.take())
                .isEqualTo(
                        new Heard(
                                "POST",
                                "/turn?tenant=5",
                                "Bearer t0ken",
                                "{\"realm\":\"example.org\",\"username\":\"alice\","
                                        + "\"algorithm\":\"MD5\"}"));
        assertThat(heard.take().body())
                .isEqualTo(
                        "{\"realm\":\"a \\\"realm\\\"\",\"username\":\"b\u00f6b\\\\\","
                                + "\"algorithm\":\"SHA-256\"}");
    }

    @Test
    void withoutATokenThereIsNoAuthorization() throws Exception {
        CredentialWebhook webhook =
                keep(new CredentialWebhook(serving(404, ""), null, List.of(), LONG));

        webhook.find(ALICE).join();

        assertThat(heard.take().token()).isNull();
    }

    @Test
    void aKeyIsTakenAsItIs() throws Exception {
        String hex = "00112233445566778899aAbBcCdDeEfF";
        CredentialWebhook webhook = webhook(serving(200, "{\"key\":\"" + hex + "\"}"));

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
        assertThat(webhook(serving(200, answer)).find(ALICE).join())
                .containsExactly(new Credential("alice", KEY, Duration.ofSeconds(seconds)));
    }

    @Test
    void whatIsNotKnownOfAnAnswerDoesNotMatter() throws Exception {
        String answer =
                """
                 { "id": 7, "groups": [ { "password": "other" } ], "password": "horse",
                   "key": null, "expires-in": null, "more": { "key": "00" } }
                """;

        assertThat(webhook(serving(200, answer)).find(ALICE).join())
                .containsExactly(new Credential("alice", KEY, Term.ENDLESS));
    }

    @Test
    void whomTheServiceDoesNotFindDoesNotExist() throws Exception {
        assertThat(webhook(serving(404, "x".repeat(100_000))).find(ALICE).join()).isEmpty();
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

        assertFails(webhook(serving(handler)).find(ALICE), "answered " + status);
        assertThat(heard).hasSize(1);
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
        assertFails(webhook(serving(200, answer)).find(ALICE), why);
    }

    @Test
    void anEmptyAnswerIsAFailure() throws Exception {
        assertFails(webhook(serving(200, "")).find(ALICE), "its answer is not one JSON object");
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
                webhook(serving(handler)).find(ALICE),
                "its answer broke off, or is longer than 16384 bytes");
    }

    @Test
    void aServiceThatHangsIsNotWaitedForLonger() throws Exception {
        assertFails(
                impatient(serving(exchange -> awaitEnd())).find(ALICE), "timed out after 300 ms");
    }

    @Test
    void noMoreIsOneThatTricklesItsAnswer() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        HttpHandler trickle =
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        while (!over.await(10, TimeUnit.MILLISECONDS)) {
                            out.write(' ');
                            out.flush();
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } catch (IOException _) {
                        gone.countDown();
                    }
                };

        assertFails(impatient(serving(trickle)).find(ALICE), "timed out after 300 ms");
        gone.await(); // the connection is not left open
    }

    @Test
    void aServiceThatDoesNotEvenSpeakHttpIsNotWaitedFor() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
            assertFails(
                    impatient(url("http", silent.getLocalPort())).find(ALICE),
                    "timed out after 300 ms");
        }
    }

    @Test
    void nobodyListeningIsARefusedConnection() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 5, LOOPBACK)) {
            port = closed.getLocalPort();
        }

        assertFails(webhook(url("http", port)).find(ALICE), "connection refused");
    }

    @Test
    void aHostThatDoesNotExistIsSaidToBeMissing() {
        assertFails(webhook(URI.create("https://users.invalid/")).find(ALICE), "no such host");
    }

    @Test
    void aConnectionThatIsClosedIsTriedOnceMore() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<List<Credential>> answer =
                    webhook(url("http", server.getLocalPort())).find(ALICE);
            server.accept().close();
            try (Socket second = server.accept()) {
                second.getOutputStream()
                        .write(
                                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(UTF_8));

                assertThat(answer.join()).isEmpty();
            }
        }
    }

    @Test
    void andNotAThirdTime() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<List<Credential>> answer =
                    webhook(url("http", server.getLocalPort())).find(ALICE);
            server.accept().close();
            server.accept().close();

            assertFails(answer, "the connection was closed without an answer");
        }
    }

    @Test
    void manyAreLookedUpAtATime() throws Exception {
        int many = 200;
        CountDownLatch all = new CountDownLatch(many);
        HttpHandler together =
                exchange -> {
                    all.countDown();
                    await(all);
                    answer(exchange, 200, "{\"password\":\"horse\"}");
                };
        CredentialWebhook webhook = webhook(serving(together));

        List<CompletableFuture<List<Credential>>> answers =
                IntStream.range(0, many).mapToObj(_ -> webhook.find(ALICE)).toList();

        assertThat(answers)
                .allSatisfy(
                        answer ->
                                assertThat(answer.join())
                                        .containsExactly(new Credential("alice", KEY)));
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CredentialWebhook webhook =
                webhook(
                        serving(
                                exchange -> {
                                    asked.countDown();
                                    awaitEnd();
                                }));
        CompletableFuture<List<Credential>> answer = webhook.find(ALICE);
        asked.await();

        webhook.close();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(UnansweredLookUp.class);
        assertThatThrownBy(webhook.find(ALICE)::join).hasCauseInstanceOf(UnansweredLookUp.class);
    }

    @Test
    void aPrivateAuthorityIsTrustedWhereItIsNamed() throws Exception {
        Identity identity = selfSigned(LOOPBACK);
        URI url = secure(identity);

        assertThat(trusting(url, identity.chain()).find(ALICE).join())
                .containsExactly(new Credential("alice", KEY));
        assertFails(
                trusting(url, List.of()).find(ALICE),
                "certificate not trusted: unable to find valid certification path to requested"
                        + " target");
        assertFails(
                trusting(url, selfSigned(LOOPBACK).chain()).find(ALICE),
                "certificate not trusted: ");
    }

    @Test
    void theCertificateHasToBeTheHosts() throws Exception {
        Identity identity = selfSigned(InetAddress.ofLiteral("127.0.0.2"));

        assertFails(
                trusting(secure(identity), identity.chain()).find(ALICE),
                "certificate not trusted: No subject alternative names matching IP address"
                        + " 127.0.0.1 found");
    }

    @Test
    void aServiceWithoutTlsIsNotAskedOverIt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<List<Credential>> answer =
                    webhook(url("https", server.getLocalPort())).find(ALICE);
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read()).isEqualTo(22); // of a TLS handshake
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));

                assertFails(answer, "TLS failed: ");
            }
        }
    }

    private static final Duration LONG = Duration.ofSeconds(20);

    private CredentialWebhook webhook(URI url) {
        return keep(new CredentialWebhook(url, "t0ken", List.of(), LONG));
    }

    private CredentialWebhook impatient(URI url) {
        return keep(new CredentialWebhook(url, "t0ken", List.of(), Duration.ofMillis(300)));
    }

    private CredentialWebhook trusting(URI url, List<X509Certificate> authorities) {
        return keep(new CredentialWebhook(url, null, authorities, LONG));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private static void assertFails(CompletableFuture<List<Credential>> answer, String why) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(UnansweredLookUp.class)
                .message()
                .startsWith(why)
                .doesNotContain("TELLTALE");
    }

    private URI serving(int status, String body) throws IOException {
        return serving(exchange -> answer(exchange, status, body));
    }

    private URI serving(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 300);
        return serve(server, "http", handler);
    }

    private URI secure(Identity identity) throws IOException, GeneralSecurityException {
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

    private static URI url(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port + "/turn?tenant=5");
    }

    private static Identity selfSigned(InetAddress address) {
        return SelfSigned.of(List.of(address), Instant.now(), new SecureRandom());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void awaitEnd() {
        await(over);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
