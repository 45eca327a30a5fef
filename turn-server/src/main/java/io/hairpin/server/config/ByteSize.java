package io.hairpin.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of memory.
public record ByteSize(int bytes) implements Comparable<ByteSize> {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(B|KiB|MiB)");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    /// Reads a number with its unit, such as `256KiB`; empty if it is not one or beyond 2 GiB.
    static Optional<ByteSize> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
        return bytes > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of(new ByteSize((int) bytes));
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 0;
        };
    }

    @Override
    public int compareTo(ByteSize other) {
        return Integer.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        if (bytes != 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes != 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
