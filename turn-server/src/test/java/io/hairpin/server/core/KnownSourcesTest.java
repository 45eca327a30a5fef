package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class KnownSourcesTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MEMORY = KnownSources.MEMORY_SECONDS * SECOND;
    private static final long ALICE = 0xFFFF_C000_0201L;
    private static final long BOB = 0x2001_0DB8_0000_0001L;

    private final KnownSources known = new KnownSources(17);

    @Test
    void aSourceIsKnownForSomeTime() {
        known.add(ALICE, 5 * SECOND);

        assertThat(known.contains(ALICE, 5 * SECOND)).isTrue();
        assertThat(known.contains(BOB, 5 * SECOND)).isFalse();
        assertThat(known.contains(ALICE, 5 * SECOND + MEMORY - 1)).isTrue();
        assertThat(known.contains(ALICE, 5 * SECOND + MEMORY)).isFalse();
    }

    @Test
    void eachTimeItIsKnownForLonger() {
        for (long now = 0; now < 10 * MEMORY; now += MEMORY / 2) {
            known.add(ALICE, now);
        }

        assertThat(known.contains(ALICE, 10 * MEMORY)).isTrue();
        assertThat(known.contains(ALICE, 10 * MEMORY + MEMORY / 2)).isFalse();
    }

    @Test
    void manyAreKnownAtOnce() {
        SplittableRandom random = new SplittableRandom(3);
        long[] sources = random.longs(4000).toArray();
        for (long source : sources) {
            known.add(source, 0);
        }
        int forgotten = 0;
        for (long source : sources) {
            forgotten += known.contains(source, SECOND) ? 0 : 1;
        }

        // A quarter of the places is taken, and each source has two to choose from.
        assertThat(forgotten).isLessThan(200);
    }

    @Test
    void nobodyIsTakenForAnother() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            known.add(random.nextLong(), 0);
        }
        int taken = 0;
        for (int i = 0; i < 1_000_000; i++) {
            taken += known.contains(random.nextLong(), SECOND) ? 1 : 0;
        }

        assertThat(taken).isZero();
    }

    @Test
    void whoComesLaterPushesOutWhoCameEarlier() {
        known.add(ALICE, 0);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200_000; i++) {
            known.add(random.nextLong(), 2 * SECOND);
        }

        assertThat(known.contains(ALICE, 2 * SECOND)).isFalse();
        known.add(ALICE, 3 * SECOND);
        assertThat(known.contains(ALICE, 3 * SECOND)).isTrue();
    }
}
