package io.hairpin.server.core;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Looks for entries left in any table of an object of this package, and of others of this package
/// that it holds, and for counts that are not zero. A table added later is found without anybody
/// thinking of it.
final class Leftovers {

    /// Rules and limits, which stay.
    private static final Set<Class<?>> SETTINGS =
            Set.of(
                    PeerPolicy.class,
                    TurnPolicy.class,
                    Reservations.class,
                    ByResource.class,
                    Quotas.class,
                    SourceQuotas.class,
                    SharedBandwidth.class,
                    Refusals.class,
                    Extensions.class,
                    BindingPolicy.class,
                    Answers.class,
                    Strangers.class,
                    NatDiscovery.class,
                    Redirection.class,
                    Mobility.class,
                    Realm.class,
                    Realms.class);

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> found = new ArrayList<>();

    private Leftovers() {}

    static List<String> in(Object root) {
        Leftovers search = new Leftovers();
        search.look(root);
        return search.found;
    }

    private void look(Object object) {
        if (!seen.add(object)) {
            return;
        }
        for (Field field : object.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            try {
                field.setAccessible(true);
                Object value = field.get(object);
                if (value != null) {
                    look(object.getClass().getSimpleName() + "." + field.getName(), value);
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("made accessible and is not: " + field, e);
            }
        }
    }

    private void look(String name, Object value) {
        switch (value) {
            case Map<?, ?> map when isFixed(map) -> {}
            case Map<?, ?> map -> report(name, map.size());
            case Collection<?> collection -> report(name, collection.size());
            case AtomicInteger count -> report(name, count.get());
            case Object array when array.getClass().isArray() && !isPrimitive(array) ->
                    report(name, occupied(array));
            case Object other
                    when other.getClass().getPackage() == TurnCore.class.getPackage()
                            && !SETTINGS.contains(other.getClass()) ->
                    look(other);
            default -> {}
        }
    }

    /// Whether it is as it was made, and cannot be otherwise.
    private static boolean isFixed(Map<?, ?> map) {
        return map.getClass().equals(Map.of().getClass())
                || map.getClass().equals(Map.of(0, 0).getClass());
    }

    private static boolean isPrimitive(Object array) {
        return array.getClass().getComponentType().isPrimitive();
    }

    private static int occupied(Object array) {
        int occupied = 0;
        for (int i = 0; i < Array.getLength(array); i++) {
            occupied += Array.get(array, i) == null ? 0 : 1;
        }
        return occupied;
    }

    private void report(String name, int entries) {
        if (entries > 0) {
            found.add(name + " has " + entries);
        }
    }
}
