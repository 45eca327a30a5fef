package io.hairpin.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;

import io.hairpin.server.config.LogConfig;
import io.hairpin.server.config.LogFormat;
import io.hairpin.server.config.LogLevel;

import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/// Sends log events to standard output, in the form and from the level that is configured.
final class Logging {

    /// Key-value pairs follow the message, so that the lines of one kind of event line up.
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0}"
                    + " %msg%replace( %kvp{NONE}){'^ $',''}%n";

    /// An event loop must never wait for whoever reads the log: beyond this, events are lost.
    static final int QUEUED_EVENTS = 8192;

    /// How long stopping may wait for queued events to be written.
    private static final int FLUSH_MILLIS = 500;

    private static final LongAdder LOST = new LongAdder();

    private Logging() {}

    /// Replaces whatever was configured before. Standard output is written to as it is: a
    /// `PrintStream` would not tell of what it could not write.
    static void configure(LogConfig config) {
        configure(
                (LoggerContext) LoggerFactory.getILoggerFactory(),
                config,
                new FileOutputStream(FileDescriptor.out));
    }

    static void configure(LoggerContext context, LogConfig config, OutputStream out) {
        context.reset();
        OutputStreamAppender<ILoggingEvent> console = new OutputStreamAppender<>();
        console.setContext(context);
        console.setEncoder(encoder(context, config.format()));
        console.setOutputStream(new LogOutput(out, LOST));
        console.start();
        LogQueue queue = new LogQueue(QUEUED_EVENTS, LOST);
        queue.setContext(context);
        queue.setMaxFlushTime(FLUSH_MILLIS);
        queue.addAppender(console);
        queue.start();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(config.level()));
        root.addAppender(queue);
        // Netty's own events are for those who develop it.
        context.getLogger("io.netty")
                .setLevel(config.level() == LogLevel.ERROR ? Level.ERROR : Level.WARN);
    }

    /// How many events could not be written, since this process began.
    static long lost() {
        return LOST.sum();
    }

    /// Writes what is still queued; later events are lost.
    static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .detachAndStopAllAppenders();
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        Encoder<ILoggingEvent> encoder =
                switch (format) {
                    case TEXT -> text();
                    case JSON -> json();
                };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
