package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class ConfigurationValuesTest {

    @Property
    void aDurationIsReadBackAsItWasWritten(@ForAll @IntRange(min = 1) int seconds) {
        Duration duration = Duration.ofSeconds(seconds);

        assertThat(DurationText.parse(DurationText.format(duration))).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "m", "1.5h", "10m1h", "-5s", "10 m", "PT10M", "10M", "1d"})
    void whatIsNoDurationIsNotRead(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Property
    void aSizeIsReadBackAsItWasWritten(@ForAll @IntRange(min = 0, max = 999_999_999) int bytes) {
        ByteSize size = new ByteSize(bytes);

        assertThat(ByteSize.parse(size.toString())).contains(size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "KiB", "1.5MiB", "2048MiB", "-1B", "10KB", "10kib"})
    void whatIsNoSizeIsNotRead(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @Test
    void aPortRangeIncludesBothEnds() {
        assertThat(PortRange.parse("49152-65535")).contains(new PortRange(49152, 65535));
        assertThat(PortRange.parse("49152-65535").orElseThrow().size()).isEqualTo(16384);
        assertThat(PortRange.parse("5000")).contains(new PortRange(5000, 5000));
        assertThat(PortRange.parse("5000-")).isEmpty();
        assertThatThrownBy(() -> PortRange.parse("0-5")).hasMessage("ports are 1 to 65535");
        assertThatThrownBy(() -> PortRange.parse("5-70000")).hasMessage("ports are 1 to 65535");
    }

    @Test
    void aRecordNamesEverythingThatIsWrongWithIt() {
        assertThatThrownBy(
                        () ->
                                new AuthenticationConfig(
                                        Map.of("a\tb", new Secret("x")),
                                        List.of(),
                                        Expiry.ALLOCATE,
                                        Duration.ZERO,
                                        OauthConfig.defaults(),
                                        WebhookConfig.defaults()))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessage(
                        "stale-nonce: it is out of range; users.a\tb: a username has 1 to 508 bytes"
                                + " of printable characters");
    }

    @Test
    void aSuggestionForgivesATypingErrorButNotAnotherWord() {
        List<String> known = List.of("listeners", "limits", "log");

        assertThat(Keys.closest("listner", known)).contains("listeners");
        assertThat(Keys.closest("limist", known)).contains("limits");
        assertThat(Keys.closest("lgo", known)).contains("log");
        assertThat(Keys.closest("tls", known)).isEmpty();
    }
}
