package io.hairpin.server.core;

import io.hairpin.stun.ErrorCode;

import java.util.Map;
import java.util.TreeMap;

/// Counts what simulations brought about, to show that they bring about everything.
final class Tally {

    private final Map<String, Integer> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void drop(DropReason reason) {
        count("drop: " + reason);
    }

    void error(ErrorCode code) {
        count("error: " + code.code());
    }

    int of(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
