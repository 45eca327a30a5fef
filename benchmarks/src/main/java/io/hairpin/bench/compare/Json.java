package io.hairpin.bench.compare;

import io.hairpin.bench.report.IndentedJson;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Reads the generator's report and this program's own raw.json, and writes the latter.
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// The leaves of a document by their path, such as `latencyMicros.p50` or
    /// `measurements.3.turn`.
    static Map<String, String> leaves(String document) {
        Map<String, String> leaves = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
                if (t.isScalarValue()) {
                    String path = parser.streamReadContext().pathAsPointer().toString();
                    leaves.put(path.substring(1).replace('/', '.'), parser.getString());
                }
            }
        }
        return leaves;
    }

    /// Reads a raw.json that this program wrote.
    static Results read(Path file) throws IOException {
        Map<String, String> leaves = leaves(Files.readString(file));
        Map<String, String> environment = new LinkedHashMap<>();
        leaves.forEach(
                (path, value) -> {
                    if (path.startsWith("environment.")) {
                        environment.put(path.substring("environment.".length()), value);
                    }
                });
        Results results = new Results(environment);
        for (int i = 0; leaves.containsKey("measurements." + i + ".turn"); i++) {
            results.add(measurement("measurements." + i + ".", leaves));
        }
        return results;
    }

    private static Measurement measurement(String at, Map<String, String> leaves) {
        String shape = Objects.requireNonNull(leaves.get(at + "shape"));
        Map<String, Double> values = new HashMap<>();
        leaves.forEach(
                (path, value) -> {
                    if (path.startsWith(at + "values.")) {
                        values.put(
                                path.substring(at.length() + "values.".length()),
                                Double.valueOf(value));
                    }
                });
        return new Measurement(
                Integer.parseInt(leaves.getOrDefault(at + "turn", "")),
                leaves.getOrDefault(at + "server", ""),
                Shape.find(shape).orElseThrow(() -> new CompareException("no shape " + shape)),
                leaves.getOrDefault(at + "bottleneck", ""),
                values);
    }

    static void write(Results results, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            write(results, out);
        }
    }

    static void write(Results results, Writer out) {
        try (JsonGenerator json = FACTORY.createGenerator(new IndentedJson(), out)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("environment");
            results.environment().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("measurements");
            results.measurements().forEach(measurement -> write(measurement, json));
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void write(Measurement measurement, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("turn", measurement.turn());
        json.writeStringProperty("server", measurement.server());
        json.writeStringProperty("shape", measurement.shape().label());
        json.writeStringProperty("bottleneck", measurement.bottleneck());
        json.writeObjectPropertyStart("values");
        measurement.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(value -> json.writeNumberProperty(value.getKey(), value.getValue()));
        json.writeEndObject();
        json.writeEndObject();
    }
}
