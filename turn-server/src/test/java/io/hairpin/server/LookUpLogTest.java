package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;

class LookUpLogTest {

    private static final String PLACE = "https://users.example.org/turn";

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.hairpin.server.lookups");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private long nowNanos = Duration.ofHours(1).toNanos();
    private final LookUpLog log = new LookUpLog(PLACE, () -> nowNanos);

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    @Test
    void failuresAreToldAtOnceAndThenOnceAMinuteWithTheirNumber() {
        log.failed("connection refused");
        nowNanos += LookUpLog.PAUSE.toNanos() - 1;
        log.failed("answered 503");
        assertThat(logged.list).hasSize(1);
        nowNanos += 1;
        log.failed("timed out after 2 s");

        assertThat(logged.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.WARN);
        assertThat(logged.list.getFirst().getArgumentArray())
                .containsExactly(PLACE, "connection refused", 1L);
        assertThat(logged.list.getLast().getArgumentArray())
                .containsExactly(PLACE, "timed out after 2 s", 2L);
    }

    @Test
    void thatItWorksAgainIsToldOnce() {
        log.answered();
        log.failed("connection refused");
        log.answered();
        log.answered();

        assertThat(logged.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void aServiceThatComesAndGoesIsToldOfOnceAMinute() {
        for (int i = 0; i < 100; i++) {
            log.failed("answered 503");
            log.answered();
        }

        assertThat(logged.list).hasSize(2);
    }
}
