package io.hairpin.server.relay;

import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/// The ports of one relay address that are free. Ports are drawn at random over the whole range,
/// so that nobody can guess the next one (RFC 8656 §7.2); every operation takes constant time.
/// Thread-safe: shared by all shards.
final class RelayPorts {

    private final int first;
    private final int last;
    private final RandomGenerator random;

    // Numbers in the sets are offsets from `first`.
    private final IndexedSet free;
    private final IndexedSet freeEven;

    /// The even ones whose successor is free as well.
    private final IndexedSet freePairs;

    /// All ports from `first` to `last`, both included.
    RelayPorts(int first, int last, RandomGenerator random) {
        this.first = first;
        this.last = last;
        this.random = random;
        int count = last - first + 1;
        free = new IndexedSet(count);
        freeEven = new IndexedSet(count);
        freePairs = new IndexedSet(count);
        for (int port = first; port <= last; port++) {
            put(port);
        }
    }

    /// Takes any free port.
    synchronized OptionalInt takeAny() {
        return take(free);
    }

    /// Takes a free even port.
    synchronized OptionalInt takeEven() {
        return take(freeEven);
    }

    /// Takes a free even port whose successor is free, and that one too.
    synchronized OptionalInt takePair() {
        OptionalInt even = take(freePairs);
        even.ifPresent(port -> remove(port + 1));
        return even;
    }

    /// Gives back a port that was taken.
    synchronized void release(int port) {
        if (port < first || port > last || free.contains(port - first)) {
            throw new IllegalStateException("port " + port + " was not taken");
        }
        put(port);
    }

    synchronized int free() {
        return free.size();
    }

    private OptionalInt take(IndexedSet among) {
        if (among.size() == 0) {
            return OptionalInt.empty();
        }
        int port = first + among.draw(random);
        remove(port);
        return OptionalInt.of(port);
    }

    private void put(int port) {
        free.add(port - first);
        if (port % 2 == 0) {
            freeEven.add(port - first);
        }
        int even = port & ~1;
        if (isFree(even) && isFree(even + 1)) {
            freePairs.add(even - first);
        }
    }

    private void remove(int port) {
        free.remove(port - first);
        freeEven.remove(port - first);
        int even = port & ~1;
        if (even >= first) {
            freePairs.remove(even - first);
        }
    }

    private boolean isFree(int port) {
        return port >= first && port <= last && free.contains(port - first);
    }
}
