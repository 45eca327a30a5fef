package io.hairpin.bench.soak;

import io.hairpin.bench.report.ResidentMemory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at a server from outside, and asks it what it has in its tables.
final class Vitals {
    private static final int MEBIBYTE = 1 << 20;

    /// Such as `Pause Young (Allocation Failure) 14M->9M(24M) 1.2ms`.
    private static final Pattern COLLECTED = Pattern.compile("->(\\d+)M\\(");

    private final SoakServer server;
    private final Path process;

    Vitals(SoakServer server) {
        this.server = server;
        process = Path.of("/proc", Long.toString(server.pid()));
    }

    Sample sample(double seconds, int clients) {
        server.checkAlive();
        try {
            ResidentMemory memory =
                    ResidentMemory.parse(Files.readAllLines(process.resolve("status")));
            return new Sample(
                    seconds,
                    memory.totalBytes(),
                    memory.ownBytes(),
                    heapBytes(Files.readAllLines(server.gcLog())),
                    descriptors(),
                    clients,
                    MetricsPage.read(server.metrics()).tables());
        } catch (IOException | IllegalArgumentException e) {
            throw new SoakException("cannot look at the server: " + e.getMessage(), e);
        }
    }

    /// The heap that is in use, garbage included.
    long heapInUse() {
        return Math.round(
                MetricsPage.read(server.metrics()).sum("jvm_memory_used_bytes", "area=\"heap\""));
    }

    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return open.count();
        }
    }

    /// What the last collection that a log tells of has left; zero before there was any.
    static long heapBytes(List<String> log) {
        for (String line : log.reversed()) {
            Matcher collected = COLLECTED.matcher(line);
            if (collected.find()) {
                return Long.parseLong(collected.group(1)) * MEBIBYTE;
            }
        }
        return 0;
    }
}
