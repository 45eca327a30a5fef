package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultsTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Faults.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setAdditive(true);
    }

    @Test
    void aMistakeIsReportedOnceWithItsStackHoweverOftenItIsProvoked() {
        Faults faults = new Faults();
        for (int i = 0; i < 1000; i++) {
            faults.report("a test", new IllegalStateException("number " + i));
        }

        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(event -> assertThat(event.getThrowableProxy()).isNotNull());
    }

    @Test
    void anotherMistakeIsReportedToo() {
        Faults faults = new Faults();
        faults.report("a test", new IllegalStateException());
        faults.report("a test", new IllegalArgumentException());

        assertThat(logged.list).filteredOn(event -> event.getLevel() == Level.ERROR).hasSize(2);
    }
}
