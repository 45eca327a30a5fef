package io.hairpin.bench;

import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransportAddress;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// What it takes to find one of ten thousand clients by its address, which happens once per packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LookUpBenchmark {
    private static final int CLIENTS = 10_000;

    private record Client(TransportAddress address) implements AddressTable.Entry {}

    private final AddressTable<Client> ipv4 = new AddressTable<>(8656);
    private final AddressTable<Client> ipv6 = new AddressTable<>(8656);
    private final TransportAddress[] asked4 = fill(ipv4, new byte[4]);
    private final TransportAddress[] asked6 = fill(ipv6, new byte[16]);
    private int next;

    /// Fills a table with strangers' addresses and returns these in the order in which they are
    /// asked for.
    private static TransportAddress[] fill(AddressTable<Client> table, byte[] host) {
        SplittableRandom random = new SplittableRandom(3478);
        TransportAddress[] asked = new TransportAddress[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            random.nextBytes(host);
            asked[i] = address(host, 1024 + random.nextInt(64_000));
            table.put(new Client(asked[i]));
        }
        return asked;
    }

    private static TransportAddress address(byte[] host, int port) {
        try {
            return TransportAddress.of(new InetSocketAddress(InetAddress.getByAddress(host), port));
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(
                    "these are as many bytes as addresses have", impossible);
        }
    }

    @Benchmark
    public boolean ipv4() {
        return isFound(ipv4, asked4);
    }

    @Benchmark
    public boolean ipv6() {
        return isFound(ipv6, asked6);
    }

    private boolean isFound(AddressTable<Client> table, TransportAddress[] asked) {
        next = next + 1 == CLIENTS ? 0 : next + 1;
        TransportAddress address = asked[next];
        return table.get(address.high(), address.low(), address.port()) != null;
    }
}
