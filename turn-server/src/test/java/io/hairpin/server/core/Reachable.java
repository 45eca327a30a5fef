package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/// Counts what can be reached from an object through our own code: the objects, the entries of maps
/// and collections, and the places of arrays, be they used or not.
final class Reachable {

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> toVisit = new ArrayDeque<>();
    private long places;

    private Reachable() {}

    static long from(Object root) {
        Reachable search = new Reachable();
        search.found(root);
        while (!search.toVisit.isEmpty()) {
            search.visit(search.toVisit.pop());
        }
        return search.seen.size() + search.places;
    }

    private void found(@Nullable Object object) {
        if (object != null && seen.add(object)) {
            toVisit.push(object);
        }
    }

    private void visit(Object object) {
        switch (object) {
            case Map<?, ?> map -> {
                places += map.size();
                map.forEach(
                        (key, value) -> {
                            found(key);
                            found(value);
                        });
            }
            case Collection<?> collection -> {
                places += collection.size();
                collection.forEach(this::found);
            }
            case Object[] array -> {
                places += array.length;
                for (Object element : array) {
                    found(element);
                }
            }
            case Object array when array.getClass().isArray() -> places += Array.getLength(array);
            default -> fields(object, object.getClass());
        }
    }

    private void fields(Object object, Class<?> type) {
        if (!type.getName().startsWith("io.hairpin.")) {
            return;
        }
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                try {
                    field.setAccessible(true);
                    found(field.get(object));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("made accessible and is not: " + field, e);
                }
            }
        }
    }
}
