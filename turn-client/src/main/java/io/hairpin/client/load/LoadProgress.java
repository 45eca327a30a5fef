package io.hairpin.client.load;

import java.time.Duration;

/// How a run is going, as of the last second or so.
///
/// @param elapsed since the current step began
/// @param upPerSecond packets that arrived at peers
/// @param downPerSecond packets that arrived at clients
/// @param lossPercent of the packets sent; packets on their way make it imprecise
public record LoadProgress(
        Step step,
        Duration elapsed,
        int clients,
        int clientsUp,
        int clientsFailed,
        double upPerSecond,
        double downPerSecond,
        double megabitsPerSecond,
        double lossPercent,
        Percentiles latency) {

    static LoadProgress of(
            Step step, Duration elapsed, LoadPlan plan, Sample now, Counts before, double seconds) {
        Counts counts = now.counts();
        double up = (counts.atPeers() - before.atPeers()) / seconds;
        double down = (counts.atClients() - before.atClients()) / seconds;
        long sent = counts.sent() - before.sent();
        long arrived = counts.completed() - before.completed();
        int payloadBytes = plan.traffic().map(TrafficPlan::payloadBytes).orElse(0);
        return new LoadProgress(
                step,
                elapsed,
                plan.clients(),
                now.setUps().up(),
                now.setUps().failed(),
                up,
                down,
                (up + down) * payloadBytes * 8 / 1e6,
                sent == 0 ? 0 : Math.clamp(100.0 * (sent - arrived) / sent, 0, 100),
                now.recent().percentiles());
    }

    /// The steps of a run, in order.
    public enum Step {
        SET_UP,
        HOLD,
        WARM_UP,
        MEASURE,
        LEAVE
    }
}
