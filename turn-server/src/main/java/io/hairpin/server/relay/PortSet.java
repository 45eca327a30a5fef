package io.hairpin.server.relay;

import java.util.concurrent.atomic.AtomicLongArray;

/// A set of ports that one thread changes while others look; 8 KB. Thread-safe.
final class PortSet {

    private static final int PORTS = 1 << 16;

    private final AtomicLongArray words = new AtomicLongArray(PORTS / Long.SIZE);

    boolean contains(int port) {
        return (words.get(port / Long.SIZE) & bit(port)) != 0;
    }

    void add(int port) {
        words.accumulateAndGet(port / Long.SIZE, bit(port), (word, bit) -> word | bit);
    }

    void remove(int port) {
        words.accumulateAndGet(port / Long.SIZE, bit(port), (word, bit) -> word & ~bit);
    }

    private static long bit(int port) {
        return 1L << port; // the shift takes the last six bits
    }
}
