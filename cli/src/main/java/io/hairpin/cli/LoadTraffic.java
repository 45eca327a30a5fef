package io.hairpin.cli;

import io.hairpin.client.load.Direction;
import io.hairpin.client.load.Pace;
import io.hairpin.client.load.TrafficPlan;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;

/// The options of `hairpin load` that say what is sent.
final class LoadTraffic {

    /// What a closed loop keeps under way in all, unless it is told otherwise.
    private static final int USUAL_OUTSTANDING = 256;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "Packets a second from each client, whatever the server does (an open loop);"
                            + " 50 unless said.")
    private @Nullable Double rate;

    @Option(
            names = "--saturate",
            description =
                    "Instead of a rate, send when a packet has arrived (a closed loop): as much"
                            + " as the server can take.")
    private boolean saturate;

    @Option(
            names = "--window",
            paramLabel = "N",
            description =
                    "With --saturate, the packets of each client on their way; otherwise as"
                            + " many as make 256 in all.")
    private @Nullable Integer window;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description =
                    "Payload of each packet, at least 24; 172 unless said, as" + " voice has.")
    private int size = 172;

    @Option(
            names = "--burst",
            paramLabel = "K",
            description = "Packets sent back to back; the rate stays the average.")
    private int burst = 1;

    @Option(
            names = "--gso",
            description =
                    "Let bursts leave and arrive as super-packets (UDP_SEGMENT, UDP_GRO), as"
                            + " network cards deliver them.")
    private boolean gso;

    @Option(
            names = "--direction",
            paramLabel = "both|up|down",
            description = {
                "both: peers echo what clients send, and latencies are round trips (so unless"
                        + " said); up: from clients to peers; down: from peers to clients."
            })
    private Direction direction = Direction.BOTH;

    @Option(names = "--indications", description = "Send and Data indications instead of channels.")
    private boolean indications;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            converter = LoadTime.class,
            description = "How long packets flow before they count; 1s unless said.")
    private Duration warmUp = Duration.ofSeconds(1);

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = LoadTime.class,
            description =
                    "How long they count then, such as 500ms, 10s or 5m; 10s" + " unless said.")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "End after so many packets in all, if that comes first.")
    private long packets;

    boolean gso() {
        return gso;
    }

    /// Throws `IllegalArgumentException` for options that contradict each other.
    TrafficPlan plan(int clients) {
        return new TrafficPlan(
                direction, pace(clients), size, burst, indications, warmUp, duration, packets);
    }

    private Pace pace(int clients) {
        if (!saturate) {
            if (window != null) {
                throw new IllegalArgumentException("--window belongs to --saturate");
            }
            return new Pace.Rate(rate == null ? 50 : rate);
        }
        if (rate != null) {
            throw new IllegalArgumentException("--rate and --saturate exclude each other");
        }
        int each = Math.max(burst, USUAL_OUTSTANDING / Math.max(1, clients));
        return new Pace.Window(window == null ? each : window);
    }
}
