package io.hairpin.client.load;

import java.util.Map;
import java.util.TreeMap;

/// The versions and cipher suites that handshakes came to, and how often. Not thread-safe.
final class Negotiated {

    private final Map<String, Integer> suites = new TreeMap<>();

    /// @param version such as `TLSv1.3`
    /// @param cipherSuite by its name in the registry of IANA
    void note(String version, String cipherSuite) {
        suites.merge(version + " " + cipherSuite, 1, Integer::sum);
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
