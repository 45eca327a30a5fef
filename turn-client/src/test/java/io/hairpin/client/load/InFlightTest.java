package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class InFlightTest {

    private final List<Integer> started = new ArrayList<>();
    private int done;

    @Test
    void manyThatFinishAtOnceNeedNoDeepStack() {
        InFlight[] self = new InFlight[1];
        self[0] = new InFlight(1, 100_000, _ -> self[0].settled(), () -> done++);

        self[0].begin();

        assertThat(done).isEqualTo(1);
    }

    @Test
    void anotherBeginsWhenOneIsSettled() {
        InFlight inFlight = new InFlight(2, 3, started::add, () -> done++);

        inFlight.begin();
        assertThat(started).containsExactly(0, 1);
        inFlight.settled();
        assertThat(started).containsExactly(0, 1, 2);
        inFlight.settled();
        inFlight.settled();

        assertThat(done).isEqualTo(1);
    }
}
