package io.hairpin.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class IndexedSetTest {

    static final int BOUND = 20;

    @Property
    void behavesAsASetDoes(
            @ForAll @Size(max = 200) List<@IntRange(min = -BOUND, max = BOUND - 1) Integer> steps) {
        IndexedSet set = new IndexedSet(BOUND);
        Set<Integer> model = new HashSet<>();
        SplittableRandom random = new SplittableRandom(1);

        for (int step : steps) { // negative ones remove
            if (step >= 0) {
                set.add(step);
                model.add(step);
            } else {
                set.remove(-step - 1);
                model.remove(-step - 1);
            }
            assertThat(set.size()).isEqualTo(model.size());
            for (int number = 0; number < BOUND; number++) {
                assertThat(set.contains(number)).isEqualTo(model.contains(number));
            }
            if (!model.isEmpty()) {
                assertThat(model).contains(set.draw(random));
            }
        }
    }

    @Test
    void everyMemberIsDrawnAboutAsOften() {
        IndexedSet set = new IndexedSet(100);
        for (int number = 0; number < 100; number += 10) {
            set.add(number);
        }
        int[] drawn = new int[100];
        SplittableRandom random = new SplittableRandom(7);

        for (int i = 0; i < 10_000; i++) {
            drawn[set.draw(random)]++;
        }

        for (int number = 0; number < 100; number++) {
            if (number % 10 == 0) {
                assertThat(drawn[number]).isBetween(850, 1150);
            } else {
                assertThat(drawn[number]).isZero();
            }
        }
    }
}
