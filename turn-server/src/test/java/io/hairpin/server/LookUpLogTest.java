package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class LookUpLogTest {

    private static final String PLACE = "https://users.example.org/turn";

    @AutoClose private final RecordedLog logged = new RecordedLog("io.hairpin.server.lookups");

    private long nowNanos = Duration.ofHours(1).toNanos();
    private final LookUpLog log = new LookUpLog(PLACE, () -> nowNanos);

    @Test
    void failuresAreToldAtOnceAndThenOnceAMinuteWithTheirNumber() {
        log.failed("connection refused");
        nowNanos += LookUpLog.PAUSE.toNanos() - 1;
        log.failed("answered 503");
        assertThat(logged.events()).hasSize(1);
        nowNanos += 1;
        log.failed("timed out after 2 s");

        assertThat(logged.levels()).containsExactly(Level.WARN, Level.WARN);
        assertThat(logged.arguments(0)).containsExactly(PLACE, "connection refused", 1L);
        assertThat(logged.arguments(1)).containsExactly(PLACE, "timed out after 2 s", 2L);
    }

    @Test
    void thatItWorksAgainIsToldOnce() {
        log.answered();
        log.failed("connection refused");
        log.answered();
        log.answered();

        assertThat(logged.levels()).containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void aServiceThatComesAndGoesIsToldOfOnceAMinute() {
        for (int i = 0; i < 100; i++) {
            log.failed("answered 503");
            log.answered();
        }

        assertThat(logged.events()).hasSize(2);
    }
}
