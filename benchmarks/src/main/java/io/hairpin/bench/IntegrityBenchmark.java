package io.hairpin.bench;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.StunMessage;

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

/// What it takes to know that a request comes from whom it says, the dearest step of each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IntegrityBenchmark {
    private final StunMessage withSha1 = Samples.allocateRequest(Integrity.SHA1);
    private final StunMessage withSha256 = Samples.allocateRequest(Integrity.SHA256);
    private final IntegrityKey md5Key = Samples.keyFor(Integrity.SHA1);
    private final IntegrityKey sha256Key = Samples.keyFor(Integrity.SHA256);

    @Benchmark
    public boolean verifySha1() {
        return withSha1.verify(Integrity.SHA1, md5Key);
    }

    @Benchmark
    public boolean verifySha256() {
        return withSha256.verify(Integrity.SHA256, sha256Key);
    }
}
