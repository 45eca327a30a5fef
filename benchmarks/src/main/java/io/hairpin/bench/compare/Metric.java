package io.hairpin.bench.compare;

import java.util.List;
import java.util.Locale;

/// What is measured: the name it has in the generator's report and in raw.json, and how it is
/// shown.
enum Metric {
    PACKETS_PER_SECOND("packetsPerSecond", "thousand packets/s", 1e-3),
    CPU_PER_PACKET("serverCpuNanosPerPacket", "ns of CPU per packet", 1),
    SERVER_CPU("serverCpuPercent", "% of a core", 1),
    GENERATOR_CPU("generatorCpuPercent", "% of a core", 1),
    LOSS("lostPercent", "% lost", 1),
    P50("latencyMicros.p50", "µs, p50", 1),
    P90("latencyMicros.p90", "µs, p90", 1),
    P99("latencyMicros.p99", "µs, p99", 1),
    SET_UPS("setUpsPerSecond", "allocations set up per second", 1),
    COLD_SET_UPS("coldSetUpsPerSecond", "allocations set up per second, server just started", 1),
    ADDED_MEMORY("residentBytesPerAllocation", "KB resident per allocation", 1.0 / 1024),
    IDLE_MEMORY("idleResidentBytes", "MB resident, idle", 1.0 / (1 << 20)),
    IDLE_PRIVATE_MEMORY(
            "idlePrivateBytes", "MB of them its own (the rest is mapped files)", 1.0 / (1 << 20)),
    FIRST_ANSWER("firstAnswerMillis", "ms from exec to the first answer", 1);

    private final String key;
    private final String unit;
    private final double scale;

    Metric(String key, String unit, double scale) {
        this.key = key;
        this.unit = unit;
        this.scale = scale;
    }

    /// Whether this belongs to a shape that is no traffic.
    boolean isFor(Shape shape) {
        return switch (this) {
            case FIRST_ANSWER, IDLE_MEMORY, IDLE_PRIVATE_MEMORY -> shape == Shape.START;
            case SET_UPS, COLD_SET_UPS, ADDED_MEMORY -> shape.isSetUps();
            default -> shape.isTraffic();
        };
    }

    String key() {
        return key;
    }

    String unit() {
        return unit;
    }

    /// The few that tell most about a shape.
    static List<Metric> shownFor(Shape shape) {
        return switch (shape) {
            case START -> List.of(FIRST_ANSWER, IDLE_MEMORY);
            case ALLOCATIONS, TLS_SESSIONS, DTLS_SESSIONS -> List.of(SET_UPS, ADDED_MEMORY);
            default -> List.of(PACKETS_PER_SECOND, CPU_PER_PACKET, P50);
        };
    }

    /// A value as people read it, to three digits or so, in this metric's unit; a dash for none.
    String format(double value) {
        double shown = value * scale;
        if (!Double.isFinite(shown)) {
            return "–";
        }
        int decimals = Math.abs(shown) >= 100 ? 0 : Math.abs(shown) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", shown);
    }

    /// A round value in this metric's unit, for the axis of a chart.
    String formatTick(double value) {
        double shown = value * scale;
        return shown >= 1 || shown == 0
                ? String.format(Locale.ROOT, "%.0f", shown)
                : Double.toString(shown);
    }
}
