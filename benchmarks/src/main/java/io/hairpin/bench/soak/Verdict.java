package io.hairpin.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// Holds the end of a run against its beginning.
///
/// @param untouched before the first client, when tables are empty
/// @param begin after the rehearsal, when everything is open that is opened once
record Verdict(
        Sample untouched,
        Sample begin,
        Sample end,
        List<Sample> samples,
        LiveHeap liveHeap,
        Outcome rehearsal,
        Outcome outcome,
        List<String> alarms) {

    /// What was left of the heap by collections of everything.
    record LiveHeap(long begin, long end) {}

    /// How much the memory may grow over the second half of the run, by the line that fits it best.
    static final double MAX_GROWTH = 0.05;

    /// A half shorter than this says nothing about memory.
    static final double SHORTEST_HALF_SECONDS = 300;

    /// What is kept once and for all (caches of bounded size, code's own tables) may have grown so
    /// far between the first clients and the last.
    static final long MAX_LIVE_HEAP_GROWTH = 2 << 20;

    /// On a busy machine a few clients may wait in vain.
    static final double MAX_FAILED_SHARE = 0.01;

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(
                Check.of( // fewer, if one of the rehearsal was still being closed
                        "descriptors",
                        "at most " + begin.descriptors(),
                        Long.toString(end.descriptors()),
                        end.descriptors() <= begin.descriptors()));
        SortedSet<String> tables = new TreeSet<>(untouched.tables().keySet());
        tables.addAll(end.tables().keySet());
        for (String table : tables) {
            checks.add(
                    exact(
                            table,
                            untouched.tables().getOrDefault(table, 0L),
                            end.tables().getOrDefault(table, 0L)));
        }
        checks.add(flat("resident memory", Sample::residentBytes));
        checks.add(
                Check.of(
                        "heap in use after a full collection",
                        "at most %s more than %s"
                                .formatted(
                                        megabytes(MAX_LIVE_HEAP_GROWTH),
                                        megabytes(liveHeap.begin())),
                        megabytes(liveHeap.end()),
                        liveHeap.end() - liveHeap.begin() <= MAX_LIVE_HEAP_GROWTH));
        checks.add(failures("clients in the rehearsal that failed", rehearsal, 0));
        checks.add(failures("clients that failed", outcome, MAX_FAILED_SHARE));
        checks.add(
                Check.of(
                        "what the server complained of",
                        "nothing",
                        alarms.isEmpty() ? "nothing" : String.join(" / ", alarms),
                        alarms.isEmpty()));
        return checks;
    }

    private static Check exact(String what, long before, long after) {
        return Check.of(what, Long.toString(before), Long.toString(after), before == after);
    }

    private static Check failures(String what, Outcome outcome, double most) {
        return Check.of(
                what,
                "at most %.0f %%".formatted(100 * most),
                "%d of %d".formatted(outcome.failed(), outcome.came()),
                outcome.failedShare() <= most);
    }

    private Check flat(String what, ToLongFunction<Sample> value) {
        String name = "growth of " + what + " over the second half";
        String bound = "at most %.0f %%".formatted(100 * MAX_GROWTH);
        List<Sample> half = samples.subList(samples.size() / 2, samples.size());
        double seconds = half.isEmpty() ? 0 : half.getLast().seconds() - half.getFirst().seconds();
        if (seconds < SHORTEST_HALF_SECONDS) {
            return new Check(name, bound, "the run is too short to tell", Check.State.NOT_JUDGED);
        }
        double growth = slope(half, value) * seconds / mean(half, value);
        return Check.of(name, bound, "%.1f %%".formatted(100 * growth), growth <= MAX_GROWTH);
    }

    /// Of the line with the least squares: change in each second.
    static double slope(List<Sample> samples, ToLongFunction<Sample> value) {
        double meanSeconds = samples.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double mean = mean(samples, value);
        double products = 0;
        double squares = 0;
        for (Sample sample : samples) {
            double distance = sample.seconds() - meanSeconds;
            products += distance * (value.applyAsLong(sample) - mean);
            squares += distance * distance;
        }
        return squares == 0 ? 0 : products / squares;
    }

    private static double mean(List<Sample> samples, ToLongFunction<Sample> value) {
        return samples.stream().mapToLong(value).average().orElse(0);
    }

    private static String megabytes(long bytes) {
        return "%.1f MB".formatted(bytes / 1e6);
    }
}
