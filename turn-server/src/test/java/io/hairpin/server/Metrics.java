package io.hairpin.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// What a server under test has counted.
final class Metrics {

    private Metrics() {}

    /// The sum over all listeners of the samples whose line has all these parts.
    static double sum(TurnServer server, String name, String... labels)
            throws IOException, InterruptedException {
        return scrape(server)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> java.util.Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    static String scrape(TurnServer server) throws IOException, InterruptedException {
        return page(server, "/metrics").body();
    }

    static HttpResponse<String> page(TurnServer server, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
