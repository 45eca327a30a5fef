package io.hairpin.server.core;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/// One of a kind for each [Resource], such as the quotas of a realm.
public final class ByResource<T> {

    private final Map<Resource, T> each = new EnumMap<>(Resource.class);

    private ByResource(Function<Resource, T> made) {
        for (Resource resource : Resource.values()) {
            each.put(resource, made.apply(resource));
        }
    }

    public static <T> ByResource<T> of(Function<Resource, T> made) {
        return new ByResource<>(made);
    }

    /// The same, with another one for that resource.
    public ByResource<T> with(Resource resource, T other) {
        return new ByResource<>(each -> each == resource ? other : of(each));
    }

    public T of(Resource resource) {
        T its = each.get(resource);
        if (its == null) {
            throw new IllegalStateException("nothing for " + resource);
        }
        return its;
    }
}
