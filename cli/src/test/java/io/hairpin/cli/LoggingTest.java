package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;

import io.hairpin.server.config.LogConfig;
import io.hairpin.server.config.LogFormat;
import io.hairpin.server.config.LogLevel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class LoggingTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        Logging.configure(context(), LogConfig.defaults(), System.out);
    }

    @Test
    void textIsALineWithTheTimeTheLevelAndThePairs() {
        configure(LogFormat.TEXT, LogLevel.INFO);

        LoggerFactory.getLogger("io.hairpin.server.Shard")
                .atInfo()
                .addKeyValue("port", 3478)
                .log("listening");
        LoggerFactory.getLogger("io.hairpin.server.Shard").info("alone");

        assertThat(logged().lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .matches(
                                                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"
                                                    + " INFO  Shard listening port=3478"),
                        line -> assertThat(line).endsWith(" INFO  Shard alone"));
    }

    @Test
    void jsonIsOneObjectPerEvent() {
        configure(LogFormat.JSON, LogLevel.INFO);

        LoggerFactory.getLogger("io.hairpin.server.Shard")
                .atWarn()
                .addKeyValue("port", 3478)
                .log("a {} \"quote\"", "quoted\n");

        assertThat(logged().lines())
                .singleElement()
                .asString()
                .startsWith("{")
                .endsWith("}")
                .contains("\"level\":\"WARN\"", "\"timestamp\":", "io.hairpin.server.Shard")
                .contains("a quoted\\n \\\"quote\\\"")
                .contains("\"port\"", "3478");
    }

    @Test
    void theLevelIsTheLeastThatIsWrittenAndNettyStaysQuiet() {
        configure(LogFormat.TEXT, LogLevel.DEBUG);

        LoggerFactory.getLogger("io.hairpin.server.Shard").debug("detail");
        LoggerFactory.getLogger("io.hairpin.server.Shard").trace("noise");
        LoggerFactory.getLogger("io.netty.channel").info("noise");
        LoggerFactory.getLogger("io.netty.channel").warn("trouble");

        assertThat(logged()).contains("detail", "trouble").doesNotContain("noise");
    }

    @Test
    void whereNobodyReadsTheLogEventsAreLostAndCountedAndNobodyWaits() throws InterruptedException {
        long before = Logging.lost();
        CountDownLatch read = new CountDownLatch(1);
        Stalled stalled = new Stalled(read);
        Logging.configure(context(), new LogConfig(LogFormat.TEXT, LogLevel.INFO), stalled);
        LoggerFactory.getLogger("io.hairpin.server.Shard").warn("the first");
        // The queue is empty then, and nothing leaves it any more.
        assertThat(stalled.written.await(10, TimeUnit.SECONDS)).isTrue();

        int events = Logging.QUEUED_EVENTS + 100;
        for (int i = 0; i < events; i++) {
            LoggerFactory.getLogger("io.hairpin.server.Shard").warn("event {}", i);
        }

        assertThat(Logging.lost() - before).isEqualTo(100);
        read.countDown();
    }

    /// Takes nothing until it is read.
    private static final class Stalled extends OutputStream {
        private final CountDownLatch written = new CountDownLatch(1);
        private final CountDownLatch read;

        Stalled(CountDownLatch read) {
            this.read = read;
        }

        @Override
        public void write(int b) throws IOException {
            written.countDown();
            try {
                read.await();
            } catch (InterruptedException stopping) {
                throw (IOException) new InterruptedIOException().initCause(stopping);
            }
        }
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private void configure(LogFormat format, LogLevel level) {
        Logging.configure(context(), new LogConfig(format, level), written);
    }

    private String logged() {
        Logging.flush();
        return written.toString(StandardCharsets.UTF_8);
    }
}
