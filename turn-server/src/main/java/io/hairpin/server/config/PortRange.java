package io.hairpin.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The ports relays are opened on, both ends included.
public record PortRange(int first, int last) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    public PortRange {
        if (first < 1 || last > 65535) {
            throw new IllegalArgumentException("ports are 1 to 65535");
        }
        if (first > last) {
            throw new IllegalArgumentException("the first port is above the last");
        }
    }

    /// Reads `first-last`, or a lone port as the range of just itself; empty if it is neither.
    ///
    /// @throws IllegalArgumentException if both are numbers that make no range
    static Optional<PortRange> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(2);
        return Optional.of(new PortRange(first, last == null ? first : Integer.parseInt(last)));
    }

    /// How many ports there are.
    public int size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
