package io.hairpin.cli;

import io.hairpin.client.load.LoadReport;
import io.hairpin.client.load.Percentiles;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.Locale;

/// What a run of the load generator found, as programs read it; the names stay as they are.
record LoadJson(LoadReport report) {

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
        json.writeBooleanProperty("complete", report.complete());
        json.writeNumberProperty("clients", report.clients());
        json.writeNumberProperty("failedClients", report.failedClients());
        json.writeObjectPropertyStart("handshakes");
        report.negotiated().forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeObjectPropertyStart("failures");
        report.failures().forEach(json::writeNumberProperty);
        json.writeEndObject();
        writePackets(json);
        writePercentiles(json, "latencyMicros", report.latency());
        json.writeNumberProperty("setUpsPerSecond", report.setUpsPerSecond());
        writePercentiles(json, "setUpMicros", report.setUp());
        report.server().ifPresent(server -> writeServer(json, server));
        json.writeNumberProperty("generatorCpuPercent", report.generator().percent());
        json.writeNumberProperty("generatorCpuNanosPerPacket", report.generatorCpuNanosPerPacket());
        json.writeStringProperty("bottleneck", report.bottleneck().name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
    }

    private void writePackets(JsonGenerator json) {
        json.writeNumberProperty("sent", report.sent());
        json.writeNumberProperty("received", report.delivered());
        json.writeNumberProperty("lost", report.lost());
        json.writeNumberProperty("lostPercent", report.lostPercent());
        json.writeNumberProperty("duplicates", report.duplicates());
        json.writeNumberProperty("foreign", report.foreign());
        json.writeNumberProperty("missed", report.missed());
        json.writeNumberProperty("unsent", report.unsent());
        json.writeNumberProperty("overrun", report.overrun());
        json.writeNumberProperty("invalidSent", report.broken());
        json.writeObjectPropertyStart("halfOpen");
        json.writeNumberProperty("begun", report.halfOpen().begun());
        json.writeNumberProperty("held", report.halfOpen().held());
        json.writeNumberProperty("ended", report.halfOpen().ended());
        json.writeNumberProperty("answered", report.halfOpen().answered());
        json.writeNumberProperty("refused", report.halfOpen().refused());
        json.writeEndObject();
        json.writeNumberProperty("relayedPackets", report.relayed());
        json.writeNumberProperty("packetsPerSecond", report.packetsPerSecond());
        json.writeNumberProperty("megabitsPerSecond", report.megabitsPerSecond());
        json.writeNumberProperty("seconds", report.seconds());
    }

    private void writeServer(JsonGenerator json, LoadReport.ServerUse server) {
        json.writeNumberProperty("serverCpuNanosPerPacket", report.serverCpuNanosPerPacket());
        json.writeNumberProperty("serverCpuPercent", server.cpu().percent());
        json.writeNumberProperty("serverCpuWaitPercent", server.cpu().waitedPercent());
        json.writeNumberProperty("serverCpus", server.cpus());
        json.writeNumberProperty("serverRssBeforeBytes", server.rssBeforeBytes());
        json.writeNumberProperty("serverRssAfterBytes", server.rssAfterBytes());
    }

    private static void writePercentiles(JsonGenerator json, String name, Percentiles of) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("p50", of.p50());
        json.writeNumberProperty("p90", of.p90());
        json.writeNumberProperty("p99", of.p99());
        json.writeNumberProperty("p999", of.p999());
        json.writeNumberProperty("max", of.max());
        json.writeEndObject();
    }
}
