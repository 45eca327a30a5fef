package io.hairpin.client.load;

import java.util.Map;
import java.util.TreeMap;

/// The versions and cipher suites that handshakes came to, and how often. Not thread-safe.
final class Negotiated {

    private final Map<String, Integer> suites = new TreeMap<>();

    /// @param what the version, such as `TLSv1.3`, and where it is known the cipher suite by its
    ///     name in the registry of IANA
    void note(String what) {
        suites.merge(what, 1, Integer::sum);
    }

    void add(Negotiated other) {
        other.suites.forEach((suite, count) -> suites.merge(suite, count, Integer::sum));
    }

    Negotiated copy() {
        Negotiated copy = new Negotiated();
        copy.add(this);
        return copy;
    }

    Map<String, Integer> suites() {
        return suites;
    }
}
