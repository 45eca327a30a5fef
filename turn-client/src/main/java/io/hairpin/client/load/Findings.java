package io.hairpin.client.load;

import java.util.Optional;
import java.util.OptionalLong;

/// What a run has found so far.
final class Findings {

    private final LoadPlan plan;
    private final long rssBeforeBytes;
    private OptionalLong rssAfterBytes = OptionalLong.empty();
    private SetUps setUps = new SetUps();
    private double setUpsPerSecond;
    private double seconds;
    private LoadReport.Cpu server = new LoadReport.Cpu(0, 0, 0);
    private LoadReport.Cpu generator = new LoadReport.Cpu(0, 0, 0);

    Findings(LoadPlan plan, long rssBeforeBytes) {
        this.plan = plan;
        this.rssBeforeBytes = rssBeforeBytes;
    }

    void setUps(SetUps all, long startNanos) {
        setUps = all;
        setUpsPerSecond = all.perSecond(startNanos);
    }

    /// Takes the use of CPUs between two moments, in place of what was taken before.
    void use(CpuTimes start, CpuTimes end, CpuTimes serverStart, CpuTimes serverEnd) {
        seconds = (end.atNanos() - start.atNanos()) / 1e9;
        generator = start.until(end);
        server = serverStart.until(serverEnd);
    }

    /// Takes what is resident with all allocations held, the first time that it is told: memory
    /// that the server has had once says nothing about them any more.
    void residentBytes(long bytes) {
        if (rssAfterBytes.isEmpty()) {
            rssAfterBytes = OptionalLong.of(bytes);
        }
    }

    /// @param end the last sample
    /// @param serverCpus that the server may run on; 0 if its process is not known
    /// @param complete whether all was done as planned
    LoadReport report(boolean complete, Sample end, int serverCpus) {
        Counts counts = end.counts();
        Optional<LoadReport.ServerUse> use =
                serverCpus == 0
                        ? Optional.empty()
                        : Optional.of(
                                new LoadReport.ServerUse(
                                        server,
                                        serverCpus,
                                        rssBeforeBytes,
                                        rssAfterBytes.orElse(rssBeforeBytes)));
        return new LoadReport(
                complete,
                setUps.up(),
                end.setUps().failed(),
                end.negotiated().suites(),
                end.setUps().failures(),
                counts.measuredSent(),
                counts.delivered(),
                counts.duplicates(),
                counts.foreign(),
                counts.missed(),
                counts.unsent(),
                counts.overrun(),
                counts.broken(),
                end.halfOpen(),
                counts.relayed(),
                seconds,
                plan.traffic().map(TrafficPlan::payloadBytes).orElse(0),
                end.measured().percentiles(),
                setUpsPerSecond,
                setUps.latencies().percentiles(),
                use,
                generator,
                bottleneck(counts, serverCpus));
    }

    private Bottleneck bottleneck(Counts counts, int serverCpus) {
        if (plan.traffic().filter(of -> of.pace() instanceof Pace.Rate).isPresent()) {
            return Bottleneck.ofOpenLoop(
                    counts.measuredSent(),
                    counts.missed() + counts.unsent() + counts.overrun(),
                    counts.measuredSent() - counts.delivered());
        }
        double serverPercent =
                serverCpus == 0
                        ? 0
                        : Math.max(
                                server.busiestPercent() + server.waitedPercent(),
                                server.percent() / serverCpus);
        return Bottleneck.ofClosedLoop(serverCpus > 0, serverPercent, generator.busiestPercent());
    }
}
