package io.hairpin.server.relay;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// A set of the numbers below some bound, from which a random one is drawn in constant time.
final class IndexedSet {

    private static final char ABSENT = 0xFFFF;

    private final char[] members;

    /// Where in [#members] a number is, or [#ABSENT].
    private final char[] positions;

    private int size;

    /// An empty set of numbers below `bound`, which is at most 65,535.
    IndexedSet(int bound) {
        members = new char[bound];
        positions = new char[bound];
        Arrays.fill(positions, ABSENT);
    }

    int size() {
        return size;
    }

    boolean contains(int number) {
        return positions[number] != ABSENT;
    }

    /// One of the members, each as likely as any other; there has to be one.
    int draw(RandomGenerator random) {
        return members[random.nextInt(size)];
    }

    void add(int number) {
        if (!contains(number)) {
            members[size] = (char) number;
            positions[number] = (char) size++;
        }
    }

    void remove(int number) {
        if (contains(number)) {
            char last = members[--size];
            members[positions[number]] = last;
            positions[last] = positions[number];
            positions[number] = ABSENT;
        }
    }
}
