package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.hairpin.server.core.DropReason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;

class FloodLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.hairpin.server.floods");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private long nowNanos = Duration.ofHours(1).toNanos();
    private final FloodLog floods = new FloodLog(() -> nowNanos);

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
    void aFloodIsToldAtOnceAndThenOnceAMinuteWithItsSize() {
        drop(DropReason.UNAUTHENTICATED_PER_SOURCE, 500);
        drop(DropReason.UNAUTHENTICATED_PER_NETWORK, 70);
        nowNanos += FloodLog.PAUSE.toNanos() - 1;
        drop(DropReason.UNAUTHENTICATED_IN_ALL, 3);
        assertThat(logged.list).hasSize(1);
        nowNanos += 1;
        drop(DropReason.UNAUTHENTICATED_IN_ALL, 3);

        assertThat(logged.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.INFO, Level.INFO);
        assertThat(logged.list.getFirst().getArgumentArray()).containsExactly(1L, 0L, 0L);
        assertThat(logged.list.getLast().getArgumentArray()).containsExactly(499L, 70L, 4L);
    }

    @Test
    void nothingElseIsTold() {
        for (DropReason reason : DropReason.values()) {
            if (!reason.name().startsWith("UNAUTHENTICATED")) {
                drop(reason, 1);
            }
        }

        assertThat(logged.list).isEmpty();
    }

    private void drop(DropReason reason, int times) {
        for (int i = 0; i < times; i++) {
            floods.dropped(reason);
        }
    }
}
