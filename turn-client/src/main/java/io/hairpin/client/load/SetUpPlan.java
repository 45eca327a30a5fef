package io.hairpin.client.load;

import io.hairpin.client.Retransmission;

import java.time.Duration;

/// How allocations are made and given back.
///
/// @param concurrency the most that are being set up at once
/// @param retransmission of requests over UDP, and how long an answer may take over TCP
/// @param rounds how often all clients are set up, and let go in between; set-ups are measured in
///     the last round, when both sides know the way, and memory in the first
/// @param hold how long allocations are held that no traffic goes over
/// @param abandon leave the allocations to the server, which frees them when their time is over
public record SetUpPlan(
        int concurrency,
        Retransmission retransmission,
        int rounds,
        Duration hold,
        boolean abandon) {
    public SetUpPlan {
        if (concurrency < 1) {
            throw new IllegalArgumentException("at least one set-up is in flight");
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("clients are set up at least once");
        }
        if (hold.isNegative()) {
            throw new IllegalArgumentException("a length of time is negative");
        }
    }
}
