package io.hairpin.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a lab has found out: the matrix of its pairs, and each call by itself.
record Findings(List<NatFinding> nats, List<Outcome> calls) {

    boolean areAsExpected() {
        return nats.stream().allMatch(NatFinding::isAsExpected)
                && calls.stream().allMatch(Outcome::isAsExpected);
    }

    String text() {
        return render(Table::text);
    }

    String markdown() {
        return render(Table::markdown);
    }

    private String render(Function<Table, String> how) {
        List<String> parts = new ArrayList<>();
        if (!nats.isEmpty()) {
            parts.add(how.apply(natTable()));
        }
        parts.add(how.apply(matrix()));
        parts.add(how.apply(callTable()));
        return String.join("\n", parts);
    }

    private Table natTable() {
        return new Table(
                List.of("network", "mapping", "filtering", "hairpinning"),
                nats.stream()
                        .map(
                                nat ->
                                        List.of(
                                                nat.kind().label(),
                                                nat.mapping(),
                                                nat.filtering(),
                                                nat.hairpinning()
                                                        + (nat.isAsExpected() ? "" : " WRONG")))
                        .toList());
    }

    /// Callers in rows and callees in columns, those that there are; the columns have the numbers
    /// of the rows' networks.
    private Table matrix() {
        List<Kind> callers = kinds(List.of(Pair::caller));
        List<Kind> callees = kinds(List.of(Pair::callee));
        List<String> headings = new ArrayList<>(List.of("route, seconds to set up"));
        callees.forEach(kind -> headings.add(number(kind)));
        List<List<String>> rows = new ArrayList<>();
        for (Kind kind : kinds(List.of(Pair::caller, Pair::callee))) {
            List<String> row = new ArrayList<>(List.of(number(kind) + " " + kind));
            for (Kind callee : callees) {
                row.add(callers.contains(kind) ? cell(new Pair(kind, callee)) : "");
            }
            rows.add(row);
        }
        return new Table(headings, rows);
    }

    private String cell(Pair pair) {
        return calls.stream()
                .filter(call -> call.pair().equals(pair))
                .findFirst()
                .map(
                        call ->
                                call.held()
                                                .map(held -> held.route() + " " + seconds(held))
                                                .orElse("none")
                                        + (call.isAsExpected() ? "" : " WRONG"))
                .orElse("");
    }

    private Table callTable() {
        return new Table(
                List.of(
                        "caller",
                        "callee",
                        "route",
                        "caller's candidates",
                        "callee's candidates",
                        "set-up",
                        "media to caller",
                        "to callee",
                        "round trips",
                        "verdict"),
                calls.stream().map(Findings::row).toList());
    }

    private static List<String> row(Outcome call) {
        List<String> row =
                new ArrayList<>(
                        List.of(call.pair().caller().label(), call.pair().callee().label()));
        Optional<Outcome.Held> held = call.held();
        row.add(held.map(it -> it.route().toString()).orElse("none"));
        row.add(held.map(it -> it.caller().path()).orElse(""));
        row.add(held.map(it -> it.callee().path()).orElse(""));
        row.add(held.map(it -> it.setUpMillis() + " ms").orElse(""));
        row.add(held.map(it -> media(it.caller())).orElse(""));
        row.add(held.map(it -> media(it.callee())).orElse(""));
        row.add(
                held.map(
                                it ->
                                        decimal(it.caller().roundTripMillis())
                                                + " / "
                                                + decimal(it.callee().roundTripMillis())
                                                + " ms")
                        .orElse(""));
        row.add(call.isAsExpected() ? "as expected" : String.join("; ", call.problems()));
        return row;
    }

    private static String media(End end) {
        return "%.0f/s, %.0f kbit/s".formatted(end.packetsPerSecond(), end.kilobitsPerSecond());
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("asExpected", areAsExpected());
        all.put(
                "nats",
                nats.stream()
                        .map(
                                nat ->
                                        Map.of(
                                                "network", nat.kind().label(),
                                                "mapping", nat.mapping(),
                                                "filtering", nat.filtering(),
                                                "hairpinning", nat.hairpinning(),
                                                "asExpected", nat.isAsExpected()))
                        .toList());
        all.put("calls", calls.stream().map(Findings::fields).toList());
        return Json.of(all) + "\n";
    }

    private static Map<String, Object> fields(Outcome call) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("caller", call.pair().caller().label());
        fields.put("callee", call.pair().callee().label());
        fields.put("expected", call.pair().expected());
        fields.put("problems", call.problems());
        call.held()
                .ifPresent(
                        held -> {
                            fields.put("route", held.route());
                            fields.put("setUpMillis", held.setUpMillis());
                            fields.put("callerSaw", fields(held.caller()));
                            fields.put("calleeSaw", fields(held.callee()));
                        });
        return fields;
    }

    private static Map<String, Object> fields(End end) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("localType", end.localType());
        fields.put("localAddress", end.localAddress());
        fields.put("remoteType", end.remoteType());
        fields.put("remoteAddress", end.remoteAddress());
        fields.put("relayProtocol", end.relayProtocol());
        fields.put("packetsPerSecond", end.packetsPerSecond());
        fields.put("kilobitsPerSecond", end.kilobitsPerSecond());
        fields.put("frames", end.frames());
        fields.put("roundTripMillis", end.roundTripMillis());
        return fields;
    }

    private List<Kind> kinds(List<Function<Pair, Kind>> ends) {
        return calls.stream()
                .flatMap(call -> ends.stream().map(end -> end.apply(call.pair())))
                .distinct()
                .sorted()
                .toList();
    }

    private static String number(Kind kind) {
        return String.valueOf(kind.ordinal() + 1);
    }

    private static String seconds(Outcome.Held held) {
        return String.format(Locale.ROOT, "%.1f", held.setUpMillis() / 1000.0);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
