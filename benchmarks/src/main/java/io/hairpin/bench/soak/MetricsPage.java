package io.hairpin.bench.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server says of itself, in the text format of Prometheus.
final class MetricsPage {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TYPE = "# TYPE ";
    private static final String GAUGE = " gauge";
    private static final String OURS = "hairpin_";

    /// Counts down by itself.
    private static final String CERTIFICATES = "hairpin_certificate_days_left";

    private static final Pattern LIMIT = Pattern.compile("[{,]limit=\"([^\"]*)\"");

    private final List<String> lines;

    private MetricsPage(List<String> lines) {
        this.lines = lines;
    }

    /// Asks for the page by a connection of its own, which is closed when this returns.
    static MetricsPage read(URI page) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
            return parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new SoakException("the server shows no metrics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SoakException("interrupted", e);
        }
    }

    static MetricsPage parse(String text) {
        return new MetricsPage(text.lines().toList());
    }

    /// Every gauge of the server's own, summed over its labels but for `limit`: how full its tables
    /// are.
    SortedMap<String, Long> tables() {
        Set<String> gauges = new HashSet<>();
        SortedMap<String, Long> tables = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith(TYPE + OURS) && line.endsWith(GAUGE)) {
                gauges.add(line.substring(TYPE.length(), line.length() - GAUGE.length()));
            }
            String name = nameOf(line);
            if (gauges.contains(name) && !name.equals(CERTIFICATES)) {
                Matcher limit = LIMIT.matcher(line);
                String table = limit.find() ? name + " " + limit.group(1) : name;
                tables.merge(table, Math.round(valueOf(line)), Long::sum);
            }
        }
        return tables;
    }

    /// The sum of a metric over all series that have a label.
    ///
    /// @param label such as `area="heap"`; empty for all
    double sum(String name, String label) {
        return lines.stream()
                .filter(line -> nameOf(line).equals(name) && line.contains(label))
                .mapToDouble(MetricsPage::valueOf)
                .sum();
    }

    private static String nameOf(String line) {
        int end = line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
        return end < 0 ? "" : line.substring(0, end);
    }

    private static double valueOf(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
