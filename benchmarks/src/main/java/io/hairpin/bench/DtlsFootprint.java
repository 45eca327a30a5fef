package io.hairpin.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// Says what a server keeps for each DTLS session, and what a handshake costs both sides together:
/// `java -cp benchmarks.jar io.hairpin.bench.DtlsFootprint [sessions]`.
public final class DtlsFootprint {

    private static final int DEFAULT_SESSIONS = 5000;
    private static final int WARM_UP = 500;

    private DtlsFootprint() {}

    public static void main(String[] arguments) {
        int count = arguments.length == 0 ? DEFAULT_SESSIONS : Integer.parseInt(arguments[0]);
        try (DtlsSessions sessions = new DtlsSessions()) {
            connect(sessions, WARM_UP);
            long before = used();
            long cpuBefore = cpuNanos();
            connect(sessions, count);
            long cpu = cpuNanos() - cpuBefore;
            long kept = used() - before;
            System.out.printf(
                    Locale.ROOT,
                    "%d sessions: %.1f KB kept for each by the server; %.2f ms of CPU for a"
                            + " handshake, both sides and the collector's work included%n",
                    count,
                    kept / 1024.0 / count,
                    cpu / 1e6 / count);
        }
    }

    /// The clients are forgotten at once; their sessions remain with the server.
    private static void connect(DtlsSessions sessions, int count) {
        for (int i = 0; i < count; i++) {
            sessions.connect();
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
