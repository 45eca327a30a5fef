package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.config.LogConfig;
import io.hairpin.server.config.LogFormat;
import io.hairpin.server.config.LogLevel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

@ResourceLock(Resources.SYSTEM_OUT)
class LoggingTest {

    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setOut(realOut);
        Logging.configure(LogConfig.defaults());
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

    private void configure(LogFormat format, LogLevel level) {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        Logging.configure(new LogConfig(format, level));
    }

    private String logged() {
        Logging.flush();
        return written.toString(StandardCharsets.UTF_8);
    }
}
