package io.hairpin.server;

import io.hairpin.server.config.LimitsConfig;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;

/// Limits that differ from others in one key. Tests make them here alone, so that a key more is no
/// concern of theirs.
final class TestLimits {
    private TestLimits() {}

    /// @param key as under `limits` in a configuration; that of a section within has a dot
    static LimitsConfig with(LimitsConfig limits, String key, Object value) {
        return (LimitsConfig) changed(limits, key, value);
    }

    private static Record changed(Record section, String key, Object value) {
        int dot = key.indexOf('.');
        String name = dot < 0 ? key : key.substring(0, dot);
        RecordComponent[] components = section.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getAccessor().invoke(section);
                if (key(components[i]).equals(name)) {
                    found = true;
                    values[i] =
                            dot < 0
                                    ? value
                                    : changed((Record) values[i], key.substring(dot + 1), value);
                }
            }
            if (!found) {
                throw new IllegalArgumentException("no limit is called " + name);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
            return section.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make limits with " + key + ": " + value, e);
        }
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
