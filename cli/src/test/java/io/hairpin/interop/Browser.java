package io.hairpin.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Headless Chromium with the page `interop/browser.html`, which plays a scenario and posts what it
/// saw.
final class Browser {

    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private Browser() {}

    /// What the page saw, by name.
    record Report(Map<String, String> fields) {

        String text(String name) {
            return Optional.ofNullable(fields.get(name))
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + fields));
        }

        List<String> lines(String name) {
            return text(name).lines().toList();
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }
    }

    /// Opens the page in a new browser and returns its report.
    ///
    /// @param parameters the scenario and what it needs to know
    /// @param profile an empty folder for all it writes
    /// @param flags more of what the browser is told at its start
    static Report visit(Map<String, String> parameters, Path profile, String... flags) {
        CompletableFuture<Report> report = new CompletableFuture<>();
        HttpServer pages = serve(report);
        try (Program browser =
                Program.start(
                        command(pages, parameters, profile, flags),
                        Map.of("TMPDIR", profile.toString()))) {
            return await(report, browser);
        } finally {
            pages.stop(0);
        }
    }

    private static Report await(CompletableFuture<Report> report, Program browser) {
        try {
            Report seen = report.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (seen.fields().containsKey("failure")) {
                throw browser.failure("the page failed: " + seen.text("failure"));
            }
            return seen;
        } catch (TimeoutException e) {
            throw browser.failure("the page did not report within " + DEADLINE);
        } catch (ExecutionException e) {
            throw new AssertionError("the report cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the browser ran", e);
        }
    }

    private static List<String> command(
            HttpServer pages, Map<String, String> parameters, Path profile, String... flags) {
        List<String> command = new ArrayList<>(Chromium.command(profile));
        command.add("--allow-loopback-in-peer-connection");
        Collections.addAll(command, flags);
        command.add("http://127.0.0.1:" + pages.getAddress().getPort() + "/?" + encode(parameters));
        return command;
    }

    private static HttpServer serve(CompletableFuture<Report> report) {
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            HttpServer server = HttpServer.create(anyPort, 0);
            byte[] page = resource("browser.html");
            byte[] script = resource("peer.js");
            server.createContext("/", exchange -> answer(exchange, "text/html", page));
            server.createContext(
                    "/peer.js", exchange -> answer(exchange, "text/javascript", script));
            server.createContext(
                    "/report",
                    exchange -> {
                        byte[] form = exchange.getRequestBody().readAllBytes();
                        answer(exchange, "text/plain", new byte[0]);
                        report.complete(decode(new String(form, StandardCharsets.UTF_8)));
                    });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve the page", e);
        }
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream content = Browser.class.getResourceAsStream("/interop/" + name)) {
            return Objects.requireNonNull(content, name).readAllBytes();
        }
    }

    private static String encode(Map<String, String> fields) {
        Function<String, String> encoded = text -> URLEncoder.encode(text, StandardCharsets.UTF_8);
        return fields.entrySet().stream()
                .map(each -> encoded.apply(each.getKey()) + "=" + encoded.apply(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static Report decode(String form) {
        Function<String, String> decoded = text -> URLDecoder.decode(text, StandardCharsets.UTF_8);
        return new Report(
                Arrays.stream(form.split("&", -1))
                        .map(field -> field.split("=", 2))
                        .collect(
                                Collectors.toMap(
                                        field -> decoded.apply(field[0]),
                                        field -> decoded.apply(field[1]))));
    }
}
