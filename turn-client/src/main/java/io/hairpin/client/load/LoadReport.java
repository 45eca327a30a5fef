package io.hairpin.client.load;

import java.util.Map;
import java.util.Optional;

/// What a run found. Packets count if they were sent within the measuring window.
///
/// @param complete whether all was done as planned; otherwise the run was stopped, or gave up
/// @param clients that could be set up
/// @param negotiated how many handshakes came to which version and cipher suite
/// @param failures how many clients failed for each reason
/// @param delivered packets that came where they were going, once
/// @param duplicates that came again
/// @param foreign packets that came where they did not belong
/// @param missed packets that were not sent because the generator was late
/// @param unsent packets that the generator's own sockets did not take
/// @param overrun packets that arrived and were lost by the generator's own sockets
/// @param broken packets of the flood
/// @param halfOpen connections that were only begun
/// @param relayed packets that arrived within the window, each direction counting one
/// @param seconds the measuring window
/// @param payloadBytes of each packet
/// @param setUpsPerSecond from the first request to the last client that was ready
/// @param server empty if its process is not known
/// @param generator CPU of the event loops
public record LoadReport(
        boolean complete,
        int clients,
        int failedClients,
        Map<String, Integer> negotiated,
        Map<String, Integer> failures,
        long sent,
        long delivered,
        long duplicates,
        long foreign,
        long missed,
        long unsent,
        long overrun,
        long broken,
        HalfOpenCounts halfOpen,
        long relayed,
        double seconds,
        int payloadBytes,
        Percentiles latency,
        double setUpsPerSecond,
        Percentiles setUp,
        Optional<ServerUse> server,
        Cpu generator,
        Bottleneck bottleneck) {

    /// What the server's process used.
    ///
    /// @param cpus it could run on
    /// @param rssBeforeBytes before the first allocation
    /// @param rssAfterBytes with all allocations held: at the end of the window, or of the first
    ///     round of set-ups if there are several
    public record ServerUse(Cpu cpu, int cpus, long rssBeforeBytes, long rssAfterBytes) {}

    /// CPU time in percent of one CPU.
    ///
    /// @param busiestPercent of the thread that had most
    /// @param waitedPercent of the time, that thread could have run and found no CPU free; zero
    ///     where that is not known
    public record Cpu(double percent, double busiestPercent, double waitedPercent) {}

    public LoadReport {
        negotiated = Map.copyOf(negotiated);
        failures = Map.copyOf(failures);
    }

    public long lost() {
        return sent - delivered;
    }

    public double lostPercent() {
        return sent == 0 ? 0 : 100.0 * lost() / sent;
    }

    public double packetsPerSecond() {
        return seconds == 0 ? 0 : relayed / seconds;
    }

    public double megabitsPerSecond() {
        return packetsPerSecond() * payloadBytes * 8 / 1e6;
    }

    /// The server's CPU time for one relayed packet; zero where it is not known.
    public double serverCpuNanosPerPacket() {
        return relayed == 0
                ? 0
                : server.map(use -> use.cpu().percent() / 100 * 1e9 * seconds / relayed)
                        .orElse(0.0);
    }

    /// The event loops' CPU time for one relayed packet.
    public double generatorCpuNanosPerPacket() {
        return relayed == 0 ? 0 : generator.percent() / 100 * 1e9 * seconds / relayed;
    }

    /// The memory that each allocation added; zero where it is not known.
    public double serverBytesPerClient() {
        return clients == 0
                ? 0
                : server.map(use -> (double) (use.rssAfterBytes() - use.rssBeforeBytes()) / clients)
                        .orElse(0.0);
    }
}
