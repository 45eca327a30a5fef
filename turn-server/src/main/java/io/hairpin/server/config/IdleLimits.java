package io.hairpin.server.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds limits that are set on what the server does not do.
final class IdleLimits {

    private IdleLimits() {}

    /// @param limits a section of limits; those that it [Concerns] are looked at
    /// @param path of the section
    /// @param features what the server does
    static List<Violation> violations(Record limits, String path, Set<Feature> features) {
        List<Violation> violations = new ArrayList<>();
        Map<String, Object> earlier = new HashMap<>();
        for (RecordComponent component : limits.getClass().getRecordComponents()) {
            Object value = ConfigurationYaml.read(component, limits);
            Concerns concerns = component.getAnnotation(Concerns.class);
            if (concerns != null
                    && !features.contains(concerns.value())
                    && !Binder.unsetValue(component, earlier).equals(value)) {
                violations.add(concerns.value().missing(Keys.join(path, Keys.of(component))));
            }
            earlier.put(component.getName(), value);
        }
        return violations;
    }
}
