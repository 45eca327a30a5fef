package io.hairpin.bench;

import io.hairpin.server.core.Bandwidth;
import io.hairpin.server.core.BandwidthLimits;
import io.hairpin.server.core.ByResource;
import io.hairpin.server.core.Refusals;
import io.hairpin.server.core.SharedBandwidth;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.SourceQuotas;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What the server itself does for a relayed packet, between one system call and the next, when a
/// thousand clients take turns.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RelayBenchmark {
    /// What is metered: nothing, each allocation as by default, or its user and the server as well.
    public enum Metered {
        NOTHING,
        ALLOCATIONS,
        EVERYTHING
    }

    @Param public Metered metered = Metered.NOTHING;

    private RelayedClients clients = new RelayedClients(0, SharedLimits.none());

    @Setup
    public void connect() {
        Bandwidth plenty = new Bandwidth(Bandwidth.MAX_BYTES_PER_SECOND, Duration.ofSeconds(1));
        BandwidthLimits limits =
                switch (metered) {
                    case NOTHING -> BandwidthLimits.NONE;
                    case ALLOCATIONS -> new BandwidthLimits(plenty, null, null);
                    case EVERYTHING -> new BandwidthLimits(plenty, plenty, plenty);
                };
        clients =
                new RelayedClients(
                        1000,
                        new SharedLimits(
                                ByResource.of(_ -> SourceQuotas.NONE),
                                new SharedBandwidth(limits),
                                new Refusals()));
    }

    /// ChannelData from a client leaves for its peer without its header.
    @Benchmark
    public long clientToPeer() {
        return clients.channelDataToPeer();
    }

    /// A datagram from a peer leaves for its client as ChannelData.
    @Benchmark
    public long peerToClient() {
        return clients.peerToChannelData();
    }
}
