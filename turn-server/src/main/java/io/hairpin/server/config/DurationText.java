package io.hairpin.server.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How operators write lengths of time: `30s`, `10m`, `1h30m`.
public final class DurationText {

    private static final Pattern TEXT =
            Pattern.compile("(?=.)(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?");

    private DurationText() {}

    /// Reads hours, minutes and seconds, in this order and each with its unit.
    public static Optional<Duration> parse(String text) {
        return TEXT.matcher(text).matches()
                ? Optional.of(Duration.parse("PT" + text))
                : Optional.empty();
    }

    /// Writes what [#parse(String)] reads.
    public static String format(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
