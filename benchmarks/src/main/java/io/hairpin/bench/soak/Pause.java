package io.hairpin.bench.soak;

import java.time.Duration;

/// Waits, as clients do between one thing and the next.
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SoakException("interrupted", e);
        }
    }
}
