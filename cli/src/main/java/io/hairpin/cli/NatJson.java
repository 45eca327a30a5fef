package io.hairpin.cli;

import io.hairpin.client.nat.NatReport;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;

/// What was found out about NATs, as programs read it; the names stay as they are, and what was not
/// found out is null.
record NatJson(NatReport report) {

    String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            write(json);
        }
        return text.toString();
    }

    private void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("server", NatSummary.text(report.server()));
        write(json, "otherAddress", report.other().map(NatSummary::text));
        json.writeStringProperty("local", NatSummary.text(report.local()));
        write(json, "mapped", report.mapped().map(NatSummary::text));
        json.writeBooleanProperty("udpBlocked", report.blocked());
        json.writeBooleanProperty("nat", report.translated());
        write(json, "mapping", report.mapping().map(NatSummary::name));
        write(json, "filtering", report.filtering().map(NatSummary::name));
        json.writeName("hairpinning");
        report.hairpinning().ifPresentOrElse(json::writeBoolean, json::writeNull);
        json.writeName("lifetime");
        report.lifetime().ifPresentOrElse(it -> write(json, it), json::writeNull);
        json.writeArrayPropertyStart("remarks");
        report.remarks().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, NatReport.Lifetime lifetime) {
        json.writeStartObject();
        json.writeNumberProperty("atLeastSeconds", seconds(lifetime.atLeast()));
        json.writeName("lessThanSeconds");
        lifetime.lessThan()
                .map(NatJson::seconds)
                .ifPresentOrElse(json::writeNumber, json::writeNull);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Optional<String> value) {
        json.writeName(name);
        value.ifPresentOrElse(json::writeString, json::writeNull);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
