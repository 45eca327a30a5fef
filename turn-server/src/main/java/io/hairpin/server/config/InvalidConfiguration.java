package io.hairpin.server.config;

import java.util.List;
import java.util.stream.Collectors;

/// Thrown by the constructor of a configuration record whose values break rules, all named at once.
public final class InvalidConfiguration extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidConfiguration(List<Violation> violations) {
        super(
                violations.stream()
                        .map(violation -> violation.keys().getFirst() + ": " + violation.message())
                        .collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    List<Violation> violations() {
        return violations;
    }
}
