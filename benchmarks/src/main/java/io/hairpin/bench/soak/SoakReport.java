package io.hairpin.bench.soak;

import io.hairpin.bench.report.IndentedJson;
import io.hairpin.bench.report.Table;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a run came to, as a table, a plot and numbers.
record SoakReport(
        SoakPlan plan,
        Map<String, String> environment,
        List<Sample> samples,
        Outcome outcome,
        List<Check> checks) {

    /// Nothing was found broken.
    boolean passed() {
        return checks.stream().noneMatch(check -> check.state() == Check.State.BROKEN);
    }

    void write(Path folder) {
        try {
            Files.writeString(folder.resolve("table.md"), markdown());
            Files.writeString(folder.resolve("plot.svg"), SoakPlot.svg(samples));
            try (Writer out = Files.newBufferedWriter(folder.resolve("raw.json"))) {
                writeJson(out);
            }
        } catch (IOException e) {
            throw new SoakException("cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /// For the terminal: what broke, or that nothing did.
    String summary() {
        StringBuilder summary = new StringBuilder();
        for (Check check : checks) {
            if (check.state() == Check.State.BROKEN) {
                summary.append(
                        "broken: %s should be %s and is %s%n"
                                .formatted(check.what(), check.bound(), check.found()));
            }
        }
        outcome.failures().forEach(failure -> summary.append("failed: %s%n".formatted(failure)));
        summary.append(
                "%s: %d clients, %d packets, %.4f %% lost%n"
                        .formatted(
                                passed() ? "passed" : "FAILED",
                                outcome.came(),
                                outcome.sent(),
                                100 * outcome.lostShare()));
        return summary.toString();
    }

    /// A sample on one line.
    static String line(Sample sample) {
        return "%6.0f s  %4d clients  %5.1f MB resident  %5.1f MB heap  %4d descriptors"
                .formatted(
                        sample.seconds(),
                        sample.clients(),
                        sample.residentBytes() / 1e6,
                        sample.heapBytes() / 1e6,
                        sample.descriptors());
    }

    String markdown() {
        StringBuilder page = new StringBuilder("# Soak\n\n");
        page.append(
                "Clients came for %s, %.0f a second: %s.%n%n"
                        .formatted(
                                plan.duration().toString().substring(2).toLowerCase(Locale.ROOT),
                                plan.rate(),
                                passed()
                                        ? "everything ended where it began"
                                        : "NOT everything held"));
        Table held = new Table("", "began as, or may be", "ended as", "");
        for (Check check : checks) {
            held.row(
                    check.what(),
                    check.bound(),
                    check.found(),
                    switch (check.state()) {
                        case HELD -> "✓";
                        case BROKEN -> "✗";
                        case NOT_JUDGED -> "–";
                    });
        }
        page.append(held.markdown()).append("\n## What clients did\n\n");
        Table lives = new Table("", "clients");
        outcome.lived().forEach((life, count) -> lives.row(life, Long.toString(count)));
        lives.row("failed", Long.toString(outcome.failed()));
        lives.row("turned round, the generator being full", Long.toString(outcome.turnedRound()));
        page.append(lives.markdown());
        page.append(
                "%nOf %d packets to peers %d did not come back (%.4f %%).%n"
                        .formatted(
                                outcome.sent(),
                                outcome.sent() - outcome.echoed(),
                                100 * outcome.lostShare()));
        outcome.failures().forEach(failure -> page.append("\n- ").append(failure));
        page.append("\n## Where and how\n\n");
        Table where = new Table("", "");
        environment.forEach((name, value) -> where.row(name, value));
        return page.append(where.markdown()).toString();
    }

    void writeJson(Writer out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(new IndentedJson(), out)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("environment");
            environment.forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("checks");
            for (Check check : checks) {
                json.writeStartObject();
                json.writeStringProperty("what", check.what());
                json.writeStringProperty("bound", check.bound());
                json.writeStringProperty("found", check.found());
                json.writeStringProperty("state", check.state().name());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("samples");
            samples.forEach(sample -> write(sample, json));
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void write(Sample sample, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("seconds", sample.seconds());
        json.writeNumberProperty("resident", sample.residentBytes());
        json.writeNumberProperty("own", sample.ownBytes());
        json.writeNumberProperty("heap", sample.heapBytes());
        json.writeNumberProperty("descriptors", sample.descriptors());
        json.writeNumberProperty("clients", sample.clients());
        json.writeObjectPropertyStart("tables");
        sample.tables().forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeEndObject();
    }
}
