package io.hairpin.cli;

import io.hairpin.client.load.Direction;
import io.hairpin.client.load.HalfOpenCounts;
import io.hairpin.client.load.LoadPlan;
import io.hairpin.client.load.LoadReport;
import io.hairpin.client.load.Pace;
import io.hairpin.client.load.Percentiles;
import io.hairpin.client.load.TrafficPlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a run of the load generator found, as people read it.
record LoadSummary(LoadPlan plan, LoadReport report) {

    private static final double TOLERATED_WAIT_PERCENT = 5;

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!report.complete()) {
            lines.add(line("BROKEN OFF", "these are the figures until then"));
        }
        lines.add(
                line(
                        "clients",
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d set up, %,.0f a second; set-up %s",
                                report.clients(),
                                plan.clients(),
                                report.setUpsPerSecond(),
                                micros(report.setUp()))));
        report.negotiated()
                .forEach(
                        (suite, count) ->
                                lines.add(
                                        line(
                                                "handshakes",
                                                String.format(
                                                        Locale.ROOT, "%,d: %s", count, suite))));
        lines.addAll(failures(report));
        if (plan.traffic().isPresent() && report.clients() > 0) {
            addTraffic(lines, plan.traffic().get());
        }
        if (plan.flood().isPresent()) {
            lines.add(
                    line(
                            "invalid",
                            String.format(
                                    Locale.ROOT,
                                    "%,d broken packets sent beside, with --seed %d",
                                    report.broken(),
                                    plan.flood().get().seed())));
        }
        if (!plan.halfOpen().isEmpty()) {
            lines.add(line("half open", halfOpen(report.halfOpen())));
        }
        report.server().ifPresent(server -> addServer(lines, server));
        if (report.clients() > 0) {
            lines.add(line("generator", generator()));
            lines.add(verdict());
        }
        return lines;
    }

    /// Why clients failed, a line for each reason.
    static List<String> failures(LoadReport report) {
        return report.failures().entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .map(
                        failure ->
                                line(
                                        "failed",
                                        String.format(
                                                Locale.ROOT,
                                                "%,d: %s",
                                                failure.getValue(),
                                                failure.getKey())))
                .toList();
    }

    private static String halfOpen(HalfOpenCounts counts) {
        return String.format(
                Locale.ROOT,
                "%,d held beside, of %,d begun; the server answered %,d, ended %,d, refused %,d",
                counts.held(),
                counts.begun(),
                counts.answered(),
                counts.ended(),
                counts.refused());
    }

    private void addTraffic(List<String> lines, TrafficPlan traffic) {
        lines.add(
                line(
                        "relayed",
                        String.format(
                                Locale.ROOT,
                                "%,.0f packets a second, %,.1f Mbit/s (%,d in %.1f s, each"
                                        + " direction counting one)",
                                report.packetsPerSecond(),
                                report.megabitsPerSecond(),
                                report.relayed(),
                                report.seconds())));
        lines.add(
                line(
                        "sent",
                        String.format(
                                Locale.ROOT,
                                "%,d, received %,d, lost %,d (%.3f %%), duplicates %,d",
                                report.sent(),
                                report.delivered(),
                                report.lost(),
                                report.lostPercent(),
                                report.duplicates())));
        if (report.foreign() > 0) {
            lines.add(
                    line(
                            "foreign",
                            String.format(
                                    Locale.ROOT,
                                    "%,d packets came where they did not belong",
                                    report.foreign())));
        }
        lines.add(
                line(
                        traffic.direction() == Direction.BOTH ? "round trip" : "latency",
                        micros(report.latency())));
    }

    private void addServer(List<String> lines, LoadReport.ServerUse server) {
        String cpu =
                String.format(
                        Locale.ROOT,
                        "%.1f %% of a core, of %d it may use",
                        server.cpu().percent(),
                        server.cpus());
        lines.add(line("server", cpu + perPacket(report.serverCpuNanosPerPacket())));
        lines.add(
                line(
                        "memory",
                        String.format(
                                Locale.ROOT,
                                "%.1f MB resident, %.1f MB before: %,.0f bytes a client",
                                server.rssAfterBytes() / 1e6,
                                server.rssBeforeBytes() / 1e6,
                                report.serverBytesPerClient())));
        if (server.cpu().waitedPercent() > TOLERATED_WAIT_PERCENT) {
            lines.add(
                    line(
                            "noise",
                            String.format(
                                    Locale.ROOT,
                                    "for %.1f %% of the time the server found no CPU free: other"
                                            + " programs are busy here",
                                    server.cpu().waitedPercent())));
        }
    }

    private String perPacket(double nanos) {
        return report.relayed() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,.0f ns a packet", nanos);
    }

    private String generator() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%.1f %% of a core", report.generator().percent()));
        if (plan.threads() > 1) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            ", its busiest loop %.1f %%",
                            report.generator().busiestPercent()));
        }
        text.append(perPacket(report.generatorCpuNanosPerPacket()));
        if (report.missed() > 0) {
            text.append(String.format(Locale.ROOT, ", too late for %,d packets", report.missed()));
        }
        if (report.unsent() > 0) {
            text.append(String.format(Locale.ROOT, ", its sockets refused %,d", report.unsent()));
        }
        if (report.overrun() > 0) {
            text.append(String.format(Locale.ROOT, ", its sockets lost %,d", report.overrun()));
        }
        return text.toString();
    }

    private String verdict() {
        return line(
                "limit",
                switch (report.bottleneck()) {
                    case SERVER -> "the server";
                    case RATE -> "the rate that was asked for";
                    case GENERATOR -> "NOT THE SERVER: " + remedy();
                });
    }

    private String remedy() {
        if (plan.traffic().isEmpty()) {
            return "it had time left; give the generator more --concurrency or --threads";
        }
        return switch (plan.traffic().get().pace()) {
            case Pace.Rate _ ->
                    "the generator could not keep the rate; give it more --threads or a core of its"
                            + " own, or ask for less";
            case Pace.Window _ ->
                    "it had time left; give the generator more --threads, a larger --window or more"
                            + " --clients";
        };
    }

    private static String micros(Percentiles of) {
        return String.format(
                Locale.ROOT,
                "p50 %,.0f p90 %,.0f p99 %,.0f p99.9 %,.0f max %,.0f µs",
                of.p50(),
                of.p90(),
                of.p99(),
                of.p999(),
                of.max());
    }

    private static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-11s", name) + text;
    }
}
