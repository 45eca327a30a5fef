package io.hairpin.server.admin;

import java.util.List;
import java.util.stream.Stream;

/// A listener and what each shard counts about it.
///
/// @param shards the counters of each, in the order of the shards
public record CountedListener(ListenerLabels labels, List<ListenerCounters> shards) {

    /// One that nothing has been counted about.
    public static CountedListener of(ListenerLabels labels, int shards) {
        return new CountedListener(
                labels, Stream.generate(ListenerCounters::new).limit(shards).toList());
    }

    /// What all shards together have counted.
    long sum(int cell) {
        long sum = 0;
        for (ListenerCounters counters : shards) {
            sum += counters.read(cell);
        }
        return sum;
    }
}
