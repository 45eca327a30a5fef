package io.hairpin.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.slf4j.LoggerFactory;

import java.util.List;

/// What is logged under a name, from INFO on, until it is closed.
final class RecordedLog implements AutoCloseable {

    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger;

    RecordedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    /// What was logged so far, the oldest first.
    List<ILoggingEvent> events() {
        return appender.list;
    }

    /// How grave each of them is.
    List<Level> levels() {
        return events().stream().map(ILoggingEvent::getLevel).toList();
    }

    /// What the sentence of one of them is made with.
    Object[] arguments(int index) {
        return events().get(index).getArgumentArray();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }
}
