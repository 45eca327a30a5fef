package io.hairpin.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

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
    private final RelayedClients clients = new RelayedClients(1000);

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
