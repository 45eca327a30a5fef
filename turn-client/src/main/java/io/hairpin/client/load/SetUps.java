package io.hairpin.client.load;

import java.util.Map;
import java.util.TreeMap;

/// How the set-ups of clients went; not thread-safe.
final class SetUps {

    private Latencies latencies = new Latencies();
    private final Map<String, Integer> failures = new TreeMap<>();
    private long lastNanos;
    private int up;
    private int failed;

    /// Begins anew, but for the failures.
    void nextRound() {
        latencies = new Latencies();
        up = 0;
    }

    /// @param nanos what it took
    /// @param nowNanos when it was ready
    void ready(long nanos, long nowNanos) {
        lastNanos = up == 0 ? nowNanos : Math.max(lastNanos, nowNanos);
        up++;
        latencies.record(nanos);
    }

    void failed(String why) {
        failed++;
        failures.merge(why, 1, Integer::sum);
    }

    /// One that was up has failed.
    void lost() {
        up--;
    }

    void add(SetUps others) {
        if (others.up > 0) {
            lastNanos = up == 0 ? others.lastNanos : Math.max(lastNanos, others.lastNanos);
        }
        latencies.add(others.latencies);
        others.failures.forEach((why, count) -> failures.merge(why, count, Integer::sum));
        up += others.up;
        failed += others.failed;
    }

    SetUps copy() {
        SetUps copy = new SetUps();
        copy.add(this);
        return copy;
    }

    int up() {
        return up;
    }

    int failed() {
        return failed;
    }

    /// How many clients failed for each reason.
    Map<String, Integer> failures() {
        return failures;
    }

    /// How many became ready in a second, since `startNanos` and until the last one did.
    double perSecond(long startNanos) {
        return up == 0 ? 0 : up * 1e9 / Math.max(1, lastNanos - startNanos);
    }

    Latencies latencies() {
        return latencies;
    }
}
