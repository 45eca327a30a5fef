package io.hairpin.server;

import static io.hairpin.server.OnePortIT.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.TlsProvider;
import io.hairpin.server.transport.TestCertificate;
import io.hairpin.stun.MessageClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLSocket;

/// A web site that shares a port with the server.
class HttpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String END = "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    @Test
    void withoutABackendThereIsNothingToBeFound() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                HttpClient client = client()) {
            HttpResponse<byte[]> answer =
                    client.send(request(server).build(), HttpResponse.BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void withoutABackendTheConnectionEnds() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                SSLSocket client = tls(server)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));

            assertThat(readAll(client)).isEqualTo("HTTP/1.1 404 Not Found" + END);
        }
    }

    @Test
    void withoutTlsHttpIsRefused() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                Socket client = RawTcpClient.connect(address(server))) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));

            assertThat(readAll(client)).isEqualTo("HTTP/1.1 400 Bad Request" + END);
            OnePortIT.assertRefused(server, "plain_http");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void whicheverLibraryDoesTls(TlsProvider provider) throws Exception {
        try (Backend backend = Backend.start();
                TurnServer server =
                        OnePort.plain()
                                .by(provider)
                                .backend(TestConfiguration.LOOPBACK_4, backend.port())
                                .start()) {
            assertThat(post(server, new byte[200_000])).hasSize(200_000);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void whatIsSentAlongWithTheRequestDoesNotTakeTheAnswerBack(TlsProvider provider)
            throws Exception {
        try (TurnServer server = OnePort.plain().by(provider).start();
                HttpClient client = client()) {
            HttpRequest post =
                    request(server)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[500_000]))
                            .build();

            assertThat(client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void megabytesPassToTheBackendAndBack(SocketKind kind) throws Exception {
        byte[] body = new byte[5 << 20];
        new SplittableRandom(3).nextBytes(body);
        try (Backend backend = Backend.start();
                TurnServer server =
                        OnePort.plain()
                                .on(kind)
                                .backend(TestConfiguration.LOOPBACK_4, backend.port())
                                .start();
                HttpClient client = client()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> answer =
                        client.send(
                                request(server)
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofByteArray());

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(Arrays.equals(answer.body(), body)).isTrue();
            }
        }
    }

    @Test
    void manyClientsPassAtOnce() throws Exception {
        try (Backend backend = Backend.start();
                TurnServer server =
                        OnePort.plain()
                                .backend(TestConfiguration.LOOPBACK_4, backend.port())
                                .start()) {
            var answers =
                    java.util.stream.IntStream.range(0, 20)
                            .mapToObj(
                                    i ->
                                            CompletableFuture.supplyAsync(
                                                    () -> post(server, new byte[i * 10_000])))
                            .toList();

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get().length).isEqualTo(i * 10_000);
            }
        }
    }

    @Test
    void turnIsServedBesideTheWebSite() throws Exception {
        try (Backend backend = Backend.start();
                TurnServer server =
                        OnePort.plain()
                                .backend(TestConfiguration.LOOPBACK_4, backend.port())
                                .start();
                RawTcpClient turn = OnePortIT.tls(server)) {
            assertThat(post(server, new byte[] {1})).containsExactly(1);
            assertThat(turn.exchange(turn.bindingRequest()).messageClass())
                    .isEqualTo(MessageClass.SUCCESS_RESPONSE);
        }
    }

    @Test
    void whereTheBackendIsDownTheClientIsTold() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        try (TurnServer server =
                        OnePort.plain().backend(TestConfiguration.LOOPBACK_4, port).start();
                SSLSocket client = tls(server)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));

            assertThat(readAll(client)).isEqualTo("HTTP/1.1 502 Bad Gateway" + END);
        }
    }

    @Test
    void aBackendThatHangsUpEndsTheConnectionAfterItsLastWord() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 1, TestConfiguration.LOOPBACK_4);
                TurnServer server =
                        OnePort.plain()
                                .backend(TestConfiguration.LOOPBACK_4, backend.getLocalPort())
                                .start();
                SSLSocket client = tls(server)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            try (Socket accepted = backend.accept()) {
                accepted.getInputStream().readNBytes(GET.length());
                accepted.getOutputStream()
                        .write("x".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(readAll(client)).hasSize(100_000);
        }
    }

    @Test
    void aClientThatHangsUpEndsTheConnectionToTheBackend() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 1, TestConfiguration.LOOPBACK_4);
                TurnServer server =
                        OnePort.plain()
                                .backend(TestConfiguration.LOOPBACK_4, backend.getLocalPort())
                                .start()) {
            SSLSocket client = tls(server);
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            try (Socket connection = backend.accept()) {
                connection.setSoTimeout((int) PATIENCE.toMillis());
                connection.getInputStream().readNBytes(GET.length());

                client.close();

                assertThat(readAll(connection)).isEmpty();
            }
        }
    }

    @Test
    void aClientThatDoesNotReadKeepsTheBackendWaiting() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 1, TestConfiguration.LOOPBACK_4);
                TurnServer server =
                        OnePort.plain()
                                .backend(TestConfiguration.LOOPBACK_4, backend.getLocalPort())
                                .start();
                SSLSocket client = tls(server)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            try (Socket accepted = backend.accept()) {
                byte[] much = new byte[64 << 20];
                CompletableFuture<Void> writing =
                        CompletableFuture.runAsync(
                                () -> {
                                    try {
                                        accepted.getOutputStream().write(much);
                                        accepted.shutdownOutput();
                                    } catch (IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                });
                assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);
                assertThat(writing).isNotDone(); // 64 MiB fit into no buffer between

                assertThat(client.getInputStream().readAllBytes()).hasSize(much.length - 1000);
                writing.get();
            }
        }
    }

    @Test
    void whenNothingMovesBothConnectionsEnd() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 1, TestConfiguration.LOOPBACK_4);
                TurnServer server =
                        OnePort.plain()
                                .rest(
                                        TestConfiguration.loopback()
                                                .tcpLimits(
                                                        100,
                                                        64 << 10,
                                                        Duration.ofSeconds(1),
                                                        Duration.ofMinutes(1)))
                                .backend(TestConfiguration.LOOPBACK_4, backend.getLocalPort())
                                .start();
                SSLSocket client = tls(server)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            try (Socket accepted = backend.accept()) {
                accepted.setSoTimeout((int) PATIENCE.toMillis());
                assertThat(readAll(accepted)).isEqualTo(GET);
            }
            assertThat(readAll(client)).isEmpty();
        }
    }

    /// Answers with what it was sent.
    private record Backend(HttpServer http) implements AutoCloseable {

        static Backend start() throws IOException {
            HttpServer http =
                    HttpServer.create(new InetSocketAddress(TestConfiguration.LOOPBACK_4, 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext(
                    "/",
                    exchange -> {
                        byte[] body = exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            http.start();
            return new Backend(http);
        }

        int port() {
            return http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    private static byte[] post(TurnServer server, byte[] body) {
        try (HttpClient client = client()) {
            return client.send(
                            request(server)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpClient client() {
        try {
            return HttpClient.newBuilder().sslContext(TestCertificate.trustingAnybody()).build();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder request(TurnServer server) {
        return HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + address(server).getPort() + "/"))
                .timeout(PATIENCE);
    }

    private static SSLSocket tls(TurnServer server) throws Exception {
        return TestCertificate.over(RawTcpClient.connect(address(server)));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
