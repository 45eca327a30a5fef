package io.hairpin.cli;

import io.hairpin.client.load.LoadProgress;

import java.io.PrintWriter;
import java.util.Locale;

/// Shows how a run is going: on a terminal in one line that changes every second, otherwise in a
/// line every few seconds.
final class LoadProgressLine {

    private static final int SECONDS_BETWEEN_LINES = 5;

    private final PrintWriter out;
    private final boolean terminal;
    private long shown;
    private int width;

    LoadProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(LoadProgress progress) {
        String line = text(progress);
        if (terminal) {
            // Spaces cover what is left of a longer line before.
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
        } else if (shown++ % SECONDS_BETWEEN_LINES == 0) {
            out.println(line);
        }
        out.flush();
    }

    /// Leaves the line as it is; what is printed next begins a new one.
    void end() {
        if (width > 0) {
            out.println();
            width = 0;
        }
    }

    static String text(LoadProgress progress) {
        String clients =
                progress.clientsUp()
                        + "/"
                        + progress.clients()
                        + " clients"
                        + (progress.clientsFailed() == 0
                                ? ""
                                : ", " + progress.clientsFailed() + " failed");
        String step =
                switch (progress.step()) {
                    case SET_UP -> "set-up";
                    case HOLD -> "hold";
                    case WARM_UP -> "warm-up";
                    case MEASURE -> "measure";
                    case LEAVE -> "leave";
                };
        String head =
                String.format(
                        Locale.ROOT,
                        "%-7s %3d s  %s",
                        step,
                        progress.elapsed().toSeconds(),
                        clients);
        return switch (progress.step()) {
            case SET_UP, HOLD, LEAVE -> head;
            case WARM_UP, MEASURE ->
                    head
                            + String.format(
                                    Locale.ROOT,
                                    "  up %,.0f/s down %,.0f/s %.1f Mbit/s loss %.2f %%  p50 %.0f"
                                            + " p99 %.0f µs",
                                    progress.upPerSecond(),
                                    progress.downPerSecond(),
                                    progress.megabitsPerSecond(),
                                    progress.lossPercent(),
                                    progress.latency().p50(),
                                    progress.latency().p99());
        };
    }
}
