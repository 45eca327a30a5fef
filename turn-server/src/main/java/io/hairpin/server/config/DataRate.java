package io.hairpin.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How fast data may go, such as `10Mbit/s`: in bits and powers of ten, as networks are sold.
///
/// @param bytesPerSecond zero where there is no limit
public record DataRate(long bytesPerSecond) implements Comparable<DataRate> {

    /// No limit.
    public static final DataRate UNLIMITED = new DataRate(0);

    private static final String UNLIMITED_TEXT = "unlimited";
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})([kMG])bit/s");
    private static final long KBIT = 1_000 / 8;
    private static final long MBIT = 1_000 * KBIT;
    private static final long GBIT = 1_000 * MBIT;

    public DataRate {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("a rate is not negative");
        }
    }

    public boolean isLimited() {
        return bytesPerSecond > 0;
    }

    /// Reads a number with its unit, or `unlimited`.
    static Optional<DataRate> parse(String text) {
        if (text.equals(UNLIMITED_TEXT)) {
            return Optional.of(UNLIMITED);
        }
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new DataRate(Long.parseLong(matcher.group(1)) * unit(matcher.group(2))))
                : Optional.empty();
    }

    private static long unit(String prefix) {
        return switch (prefix) {
            case "G" -> GBIT;
            case "M" -> MBIT;
            default -> KBIT;
        };
    }

    /// No limit is above all others.
    @Override
    public int compareTo(DataRate other) {
        return Long.compareUnsigned(bytesPerSecond - 1, other.bytesPerSecond - 1);
    }

    @Override
    public String toString() {
        if (!isLimited()) {
            return UNLIMITED_TEXT;
        }
        if (bytesPerSecond % GBIT == 0) {
            return bytesPerSecond / GBIT + "Gbit/s";
        }
        return bytesPerSecond % MBIT == 0
                ? bytesPerSecond / MBIT + "Mbit/s"
                : bytesPerSecond / KBIT + "kbit/s";
    }
}
