package io.hairpin.server.core;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// How many requests met which limit. Shared by all shards, thread-safe.
public final class Refusals {

    private final LongAdder[] counts =
            Stream.generate(LongAdder::new).limit(Limit.values().length).toArray(LongAdder[]::new);

    void count(Limit limit) {
        counts[limit.ordinal()].increment();
    }

    /// The requests that were refused for that reason so far.
    public long of(Limit limit) {
        return counts[limit.ordinal()].sum();
    }
}
