package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.hairpin.client.TlsOptions;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A web site shares its port with TURN.
class HttpsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final List<String> LISTENERS = List.of("tls", "tcp");

    @TempDir private Path folder;
    private Authority authority;

    @BeforeEach
    void makeAuthority() {
        Tool.CURL.path();
        authority = Authority.in(folder);
    }

    @Test
    void withoutABackendAVisitorIsToldThatNothingIsThere() {
        try (ServerUnderTest server = start(Map.of())) {
            for (String listener : LISTENERS) {
                Program.Finished visit =
                        visit(server, listener, "/", "-o", "/dev/null", "-w", "%{http_code}");

                assertThat(visit.output()).isEqualTo("404");
                assertThat(visit.exitCode()).isZero();
            }
            server.assertUnharmed();
        }
    }

    @Test
    void aVisitorSeesTheBackendsPageWhileTurnIsServed() throws IOException {
        String page = "a page\n".repeat(100_000);
        HttpServer backend = backend(page.getBytes(StandardCharsets.US_ASCII));
        String address = "127.0.0.1:" + backend.getAddress().getPort();
        try (ServerUnderTest server = start(Map.of("http-backend", address))) {
            for (String listener : LISTENERS) {
                InetSocketAddress there =
                        new InetSocketAddress(
                                InetAddress.ofLiteral("127.0.0.1"),
                                server.port(listener, "127.0.0.1"));
                try (TurnClient client = TurnClient.tls(there, TlsOptions.of(authority.trust()))) {
                    assertThat(client.bind()).isEqualTo(client.localAddress());

                    assertThat(visit(server, listener, "/page").output()).isEqualTo(page);
                    assertThat(visit(server, listener, "/page", "--http1.0").output())
                            .isEqualTo(page);

                    assertThat(client.bind()).isEqualTo(client.localAddress());
                }
            }
            server.assertUnharmed();
        } finally {
            backend.stop(0);
        }
    }

    private ServerUnderTest start(Map<String, String> settings) {
        return ServerUnderTest.startSecure(folder, authority.forServer(), settings);
    }

    private Program.Finished visit(
            ServerUnderTest server, String listener, String path, String... options) {
        String url = "https://127.0.0.1:" + server.port(listener, "127.0.0.1") + path;
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.CURL.path(), "-sS", "--noproxy", "*");
        Collections.addAll(command, "--cacert", authority.own().certificate().toString());
        Collections.addAll(command, options);
        command.add(url);
        return Program.run(command, DEADLINE);
    }

    private static HttpServer backend(byte[] page) throws IOException {
        HttpServer backend =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext(
                "/page",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, page.length);
                        exchange.getResponseBody().write(page);
                    }
                });
        backend.start();
        return backend;
    }
}
