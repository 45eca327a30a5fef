package io.hairpin.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Over real sockets on loopback.
@Timeout(30)
class AdminServerTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final AdminLimits SMALL =
            new AdminLimits(2, 256, 512, 16, Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final AdminLimits HURRIED =
            new AdminLimits(2, 256, 512, 16, Duration.ofMillis(100), Duration.ofMillis(100));
    private static final String LARGE = "#".repeat(16 << 20);
    private static final String CLOSING_REQUEST =
            request("GET /metrics HTTP/1.1", "Connection: close");
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(20);

    private final AtomicReference<Optional<String>> unreadiness =
            new AtomicReference<>(Optional.empty());
    private final CountedListener listener =
            CountedListener.of(new ListenerLabels("udp", "192.0.2.1:3478"), 1);
    private final ServerMetrics metrics = new ServerMetrics(List.of(listener));
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AdminServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        http.close();
        servers.forEach(AdminServer::close);
        metrics.close();
    }

    @Test
    void metricsAreServedInTheTextFormatOfPrometheus() throws Exception {
        listener.shards().getFirst().relayed(Direction.TO_PEER, 42);

        HttpResponse<String> response = get(started(), "/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        assertThat(response.body())
                .contains(
                        "hairpin_relayed_bytes_total{direction=\"to_peer\","
                                + "listener=\"192.0.2.1:3478\",transport=\"udp\"} 42.0");
    }

    @Test
    void aQueryDoesNotMatter() throws Exception {
        assertThat(get(started(), "/metrics?name%5B%5D=x").statusCode()).isEqualTo(200);
    }

    @Test
    void theProcessIsHealthyWhileItLives() throws Exception {
        unreadiness.set(Optional.of("starting"));

        assertAnswer(get(started(), "/healthz"), 200, "alive\n");
    }

    @Test
    void readinessSaysWhyItIsMissing() throws Exception {
        AdminServer server = started();

        assertAnswer(get(server, "/readyz"), 200, "ready\n");
        unreadiness.set(Optional.of("draining"));
        assertAnswer(get(server, "/readyz"), 503, "not ready: draining\n");
    }

    @Test
    void anythingElseIsNotFound() throws Exception {
        AdminServer server = started();

        for (String path :
                List.of("/", "/metrics/", "/Metrics", "//metrics", "/healthz/../readyz")) {
            assertThat(get(server, path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        AdminServer server = started();

        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            HttpResponse<String> response =
                    send(server, "/metrics", method, BodyPublishers.ofString("x"));
            assertAnswer(response, 405, "only GET and HEAD\n");
            assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
        }
        assertThat(send(server, "/", "POST", BodyPublishers.noBody()).statusCode()).isEqualTo(404);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        String answer =
                conversation(started(), request("HEAD /healthz HTTP/1.1", "Connection: close"));

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("content-length: 6\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void oneConnectionServesSeveralRequestsOneAfterTheOther() throws Exception {
        String answer =
                conversation(
                        started(),
                        request("GET /healthz HTTP/1.1")
                                + request("GET /readyz HTTP/1.1")
                                + request("GET /nothing HTTP/1.1", "Connection: close"));

        assertThat(statusLines(answer))
                .containsExactly("HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found");
        assertThat(answer.indexOf("alive")).isLessThan(answer.indexOf("ready\n"));
    }

    @Test
    void aClientOfHttp10IsAnsweredAndLeftAlone() throws Exception {
        assertThat(conversation(started(), request("GET /healthz HTTP/1.0"))).endsWith("alive\n");
    }

    @Test
    void requestsSentInAdvanceAreNotLookedAtBeforeTheirTurn() throws Exception {
        AtomicInteger scrapes = new AtomicInteger();
        AdminServer server =
                started(
                        () -> {
                            scrapes.incrementAndGet();
                            return LARGE;
                        },
                        SMALL);

        try (Socket socket = connected(server)) {
            write(socket, request("GET /metrics HTTP/1.1").repeat(2) + CLOSING_REQUEST);
            // An answer larger than what the system buffers, and nobody reads: all stands still.
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            assertAnswer(get(server, "/healthz"), 200, "alive\n");
            assertThat(scrapes).hasValue(1);

            assertThat(readAll(socket)).hasSizeGreaterThan(3 * LARGE.length());
            assertThat(scrapes).hasValue(3);
        }
    }

    @Test
    void whoSendsTooManyRequestsInAdvanceIsCutOff() throws Exception {
        AdminServer server = started(() -> LARGE, SMALL);

        try (Socket socket = connected(server)) {
            write(socket, request("GET /metrics HTTP/1.1").repeat(40));

            assertThat(readAll(socket)).hasSizeLessThan(LARGE.length());
        }
    }

    @Test
    void aRequestLineThatIsTooLongIsRefused() throws Exception {
        assertRefused(request("GET /" + "x".repeat(300) + " HTTP/1.1"), "414 Request-URI Too Long");
    }

    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        assertRefused(
                request("GET /healthz HTTP/1.1", "X: " + "x".repeat(600)),
                "431 Request Header Fields Too Large");
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertRefused(
                request("POST /metrics HTTP/1.1", "Content-Length: 17"),
                "413 Request Entity Too Large");
        assertRefused(
                request("POST /metrics HTTP/1.1", "Transfer-Encoding: chunked")
                        + "11\r\n"
                        + "x".repeat(17),
                "413 Request Entity Too Large");
    }

    @Test
    void whatIsNotHttpIsRefused() throws Exception {
        assertRefused(request("\u0016\u0003\u0001"), "400 Bad Request");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndOthersGoOn() throws Exception {
        AdminServer server = started(metrics::scrape, SMALL);

        try (Socket first = connected(server);
                Socket second = connected(server)) {
            assertServed(first);
            assertServed(second);
            try (Socket third = connected(server)) {
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }
            assertServed(first);
        }
        // A place is free again once the server has seen a client leave.
        Awaitility.await()
                .until(
                        () ->
                                conversation(server, request("GET /healthz HTTP/1.0"))
                                        .startsWith("HTTP/1.1 200"));
    }

    @Test
    void aConnectionWithoutAWholeRequestIsClosedInTime() throws Exception {
        AdminServer server = started(metrics::scrape, HURRIED);

        assertThat(conversation(server, "")).isEmpty();
        assertThat(conversation(server, "GET /healthz HTTP/1.1\r\nHost:")).isEmpty();
    }

    @Test
    void aByteNowAndThenDoesNotKeepAConnectionOpen() throws Exception {
        AdminServer server = started(metrics::scrape, HURRIED);

        try (Socket socket = connected(server)) {
            write(socket, "GET /healthz HTTP/1.1\r\n");
            socket.setSoTimeout(10);
            assertThatThrownBy(
                            () -> {
                                // Ends with an exception only because the server closes.
                                while (nothingToReadYet(socket)) {
                                    write(socket, "X");
                                }
                                throw new IOException("closed");
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsClosedInTime() throws Exception {
        AdminServer server = started(() -> LARGE, HURRIED);

        try (Socket socket = connected(server)) {
            write(socket, request("GET /metrics HTTP/1.1"));
            Awaitility.await().until(() -> server.connections() == 0);

            assertThat(readAll(socket)).hasSizeLessThan(LARGE.length());
        }
    }

    @Test
    void aFaultInAPageIsTheServersErrorAndItGoesOn() throws Exception {
        AdminServer server =
                started(
                        () -> {
                            throw new IllegalStateException("expected by this test");
                        },
                        SMALL);

        HttpResponse<String> response = get(server, "/metrics");

        assertAnswer(response, 500, "the server's log has the reason\n");
        assertAnswer(get(server, "/healthz"), 200, "alive\n");
    }

    @Test
    void anAddressThatIsTakenIsReported() throws Exception {
        InetSocketAddress taken = started().address();

        assertThatThrownBy(() -> AdminServer.start(taken, metrics, unreadiness::get))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(Integer.toString(taken.getPort()))
                .hasCauseInstanceOf(BindException.class);
    }

    @Test
    void closingLetsAnAnswerUnderWayBeSent() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        AdminServer server =
                started(
                        () -> {
                            asked.countDown();
                            awaitUninterruptibly(closing);
                            return "the last word\n";
                        },
                        SMALL);
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> response = tasks.submit(() -> get(server, "/metrics"));
            asked.await();
            Future<?> closed = tasks.submit(server::close);
            closing.countDown();

            assertAnswer(response.get(), 200, "the last word\n");
            closed.get();
        }
    }

    @Test
    void afterClosingNothingListensAndIdleConnectionsAreGone() throws Exception {
        AdminServer server = started();
        try (Socket idle = connected(server)) {
            assertServed(idle);
            server.close();

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> connected(server)).isInstanceOf(ConnectException.class);
        }
        server.close(); // a second time does no harm
    }

    private AdminServer started() throws IOException {
        return remembered(AdminServer.start(ANY_PORT, metrics, unreadiness::get));
    }

    private AdminServer started(Supplier<String> scrape, AdminLimits limits) throws IOException {
        return remembered(AdminServer.start(ANY_PORT, new Pages(scrape, unreadiness::get), limits));
    }

    private AdminServer remembered(AdminServer server) {
        servers.add(server);
        return server;
    }

    private HttpResponse<String> get(AdminServer server, String path)
            throws IOException, InterruptedException {
        return send(server, path, "GET", BodyPublishers.noBody());
    }

    private HttpResponse<String> send(
            AdminServer server, String path, String method, BodyPublisher body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(CLIENT_TIMEOUT)
                        .method(method, body)
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private void assertRefused(String request, String status) throws IOException {
        assertThat(conversation(started(metrics::scrape, SMALL), request))
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .containsIgnoringCase("connection: close\r\n");
    }

    private static String request(String line, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return line + "\r\nHost: x\r\n" + more + "\r\n";
    }

    private static void assertAnswer(HttpResponse<String> response, int status, String body) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
    }

    /// Sends a request on a connection that stays open.
    private static void assertServed(Socket socket) throws IOException {
        write(socket, request("GET /healthz HTTP/1.1"));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("alive\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after '%s'", answer).isNotNegative();
            answer.append((char) next);
        }
    }

    /// All the server says until it closes.
    private static String conversation(AdminServer server, String request) throws IOException {
        try (Socket socket = connected(server)) {
            write(socket, request);
            return new String(readAll(socket), US_ASCII);
        }
    }

    private static Socket connected(AdminServer server) throws IOException {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout((int) CLIENT_TIMEOUT.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /// A server that closes with something unread makes the end of what it sent a reset.
    private static byte[] readAll(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException _) {
            return bytes.toByteArray();
        }
        return bytes.toByteArray();
    }

    private static boolean nothingToReadYet(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException _) {
            return true;
        }
    }

    private static List<String> statusLines(String answers) {
        return answers.lines().filter(line -> line.startsWith("HTTP/1.1 ")).toList();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
