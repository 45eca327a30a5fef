package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;

import io.hairpin.server.core.DropReason;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class FloodLogTest {

    @AutoClose private final RecordedLog logged = new RecordedLog("io.hairpin.server.floods");

    private long nowNanos = Duration.ofHours(1).toNanos();
    private final FloodLog floods = new FloodLog(() -> nowNanos);

    @Test
    void aFloodIsToldAtOnceAndThenOnceAMinuteWithItsSize() {
        drop(DropReason.UNAUTHENTICATED_PER_SOURCE, 500);
        drop(DropReason.UNAUTHENTICATED_PER_NETWORK, 70);
        nowNanos += FloodLog.PAUSE.toNanos() - 1;
        drop(DropReason.UNAUTHENTICATED_IN_ALL, 3);
        assertThat(logged.events()).hasSize(1);
        nowNanos += 1;
        drop(DropReason.UNAUTHENTICATED_IN_ALL, 3);

        assertThat(logged.levels()).containsExactly(Level.INFO, Level.INFO);
        assertThat(logged.arguments(0)).containsExactly(1L, 0L, 0L);
        assertThat(logged.arguments(1)).containsExactly(499L, 70L, 4L);
    }

    @Test
    void nothingElseIsTold() {
        for (DropReason reason : DropReason.values()) {
            if (!reason.name().startsWith("UNAUTHENTICATED")) {
                drop(reason, 1);
            }
        }

        assertThat(logged.events()).isEmpty();
    }

    private void drop(DropReason reason, int times) {
        for (int i = 0; i < times; i++) {
            floods.dropped(reason);
        }
    }
}
