package io.hairpin.lab;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A JSON document as its leaves, by their path, such as `result/value/frames`; and values as JSON.
record Json(Map<String, String> leaves) {

    private static final JsonFactory FACTORY = new JsonFactory();

    static Json parse(String document) {
        Map<String, String> leaves = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
                if (t.isScalarValue() && t != JsonToken.VALUE_NULL) {
                    String path = parser.streamReadContext().pathAsPointer().toString();
                    leaves.put(path.isEmpty() ? path : path.substring(1), parser.getString());
                }
            }
        }
        return new Json(leaves);
    }

    Optional<String> find(String path) {
        return Optional.ofNullable(leaves.get(path));
    }

    /// The part of it at a path, with paths from there on.
    Json under(String path) {
        Map<String, String> part = new LinkedHashMap<>();
        leaves.forEach(
                (each, value) -> {
                    if (each.startsWith(path + "/")) {
                        part.put(each.substring(path.length() + 1), value);
                    }
                });
        return new Json(part);
    }

    String text(String path) {
        return find(path).orElseThrow(() -> new AssertionError("no " + path + " in " + leaves));
    }

    double number(String path) {
        return Double.parseDouble(text(path));
    }

    long whole(String path) {
        return Math.round(number(path));
    }

    /// The value of maps, lists, strings, numbers and booleans.
    static String of(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(value, json);
        }
        return text.toString();
    }

    private static void write(Object value, JsonGenerator json) {
        switch (value) {
            case Map<?, ?> fields -> {
                json.writeStartObject();
                fields.forEach(
                        (name, each) -> {
                            json.writeName(String.valueOf(name));
                            write(each, json);
                        });
                json.writeEndObject();
            }
            case List<?> items -> {
                json.writeStartArray();
                items.forEach(each -> write(each, json));
                json.writeEndArray();
            }
            case Boolean truth -> json.writeBoolean(truth);
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }
}
