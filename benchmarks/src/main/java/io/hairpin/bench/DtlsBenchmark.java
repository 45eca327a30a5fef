package io.hairpin.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// What a record of DTLS costs, with AES-128-GCM.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DtlsBenchmark {

    @Param({"200", "1200"})
    int bytes;

    private final DtlsSessions sessions = new DtlsSessions();
    private final DtlsSessions.Client client = sessions.connect();
    private ByteBuffer message = ByteBuffer.allocate(0);

    @Setup(Level.Trial)
    public void setUp() {
        message = ByteBuffer.allocate(bytes);
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        sessions.close();
    }

    /// A record is made and sent.
    @Benchmark
    public byte[] seal() {
        return client.seal(message);
    }

    /// The same, and the server takes it in and hands its message over.
    @Benchmark
    public void sealAndOpen() {
        client.arrive(client.seal(message));
    }
}
