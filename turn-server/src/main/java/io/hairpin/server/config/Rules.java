package io.hairpin.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The rules of one record, all tried before any is reported.
final class Rules {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final List<Violation> violations = new ArrayList<>();

    Rules check(boolean holds, String key, String value, String message, String remedy) {
        return check(holds, List.of(key), value, message, remedy);
    }

    Rules check(boolean holds, List<String> keys, String value, String message, String remedy) {
        if (!holds) {
            violations.add(new Violation(keys, value, message, remedy));
        }
        return this;
    }

    Rules checkAll(List<Violation> found) {
        violations.addAll(found);
        return this;
    }

    Rules range(String key, int value, int min, int max) {
        return range(key, value, min, max, String::valueOf);
    }

    Rules range(String key, Duration value, Duration min, Duration max) {
        return range(key, value, min, max, DurationText::format);
    }

    Rules range(String key, ByteSize value, ByteSize min, ByteSize max) {
        return range(key, value, min, max, ByteSize::toString);
    }

    Rules range(String key, DataRate value, DataRate min, DataRate max) {
        return range(key, value, min, max, DataRate::toString);
    }

    /// Most lengths of time an operator sets lie within a second and a day.
    Rules range(String key, Duration value) {
        return range(key, value, SHORTEST, LONGEST);
    }

    List<Violation> violations() {
        return violations;
    }

    void enforce() {
        if (!violations.isEmpty()) {
            throw new InvalidConfiguration(violations);
        }
    }

    private <T extends Comparable<T>> Rules range(
            String key, T value, T min, T max, Function<T, String> format) {
        if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
            return this;
        }
        return check(
                false,
                key,
                format.apply(value),
                "it is out of range",
                "choose " + format.apply(min) + " to " + format.apply(max));
    }
}
