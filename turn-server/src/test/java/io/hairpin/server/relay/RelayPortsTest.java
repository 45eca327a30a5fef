package io.hairpin.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

class RelayPortsTest {

    @ParameterizedTest
    @CsvSource({"49152, 65535", "50001, 50100", "50000, 50099", "7, 7", "8, 8", "65534, 65535"})
    void nothingLeaksOrIsGivenTwiceOverManyRandomLifecycles(int first, int last) {
        SplittableRandom random = new SplittableRandom(42);
        RelayPorts ports = new RelayPorts(first, last, random);
        int size = last - first + 1;
        List<Integer> taken = new ArrayList<>();
        Set<Integer> model = new HashSet<>();

        for (int i = 0; i < 100_000; i++) {
            boolean release = !taken.isEmpty() && random.nextInt(100) < 48;
            if (release) {
                int index = random.nextInt(taken.size());
                int port = taken.set(index, taken.getLast());
                taken.removeLast();
                model.remove(port);
                ports.release(port);
            } else {
                for (int port : take(ports, random.nextInt(3))) {
                    assertThat(port).isBetween(first, last);
                    assertThat(model.add(port)).isTrue();
                    taken.add(port);
                }
            }
            assertThat(ports.free()).isEqualTo(size - model.size());
        }
        taken.forEach(ports::release);

        assertThat(ports.free()).isEqualTo(size);
        for (int i = 0; i < size; i++) {
            assertThat(ports.takeAny()).isPresent();
        }
        assertThat(ports.takeAny()).isEmpty();
    }

    private static List<Integer> take(RelayPorts ports, int kind) {
        OptionalInt port =
                switch (kind) {
                    case 0 -> ports.takeAny();
                    case 1 -> ports.takeEven();
                    default -> ports.takePair();
                };
        if (port.isEmpty()) {
            return List.of();
        }
        if (kind > 0) {
            assertThat(port.getAsInt()).isEven();
        }
        return kind == 2 ? List.of(port.getAsInt(), port.getAsInt() + 1) : List.of(port.getAsInt());
    }

    @Test
    void theLastFreePortsOfAFullRangeAreFound() {
        RelayPorts ports = new RelayPorts(49152, 65535, new SplittableRandom(1));
        while (ports.free() > 164) { // 99 % taken
            ports.takeAny();
        }

        Set<Integer> rest = new HashSet<>();
        for (int i = 0; i < 164; i++) {
            assertThat(rest.add(ports.takeAny().orElseThrow())).isTrue();
        }
        assertThat(ports.takeAny()).isEmpty();
        assertThat(ports.takeEven()).isEmpty();
        assertThat(ports.takePair()).isEmpty();
    }

    @Test
    void theOnlyPairOfAFullRangeIsFound() {
        RelayPorts ports = new RelayPorts(50_000, 50_999, new SplittableRandom(1));
        while (ports.takeAny().isPresent()) {}
        ports.release(50_501);
        ports.release(50_502);
        assertThat(ports.takePair()).as("odd and even, in that order").isEmpty();
        ports.release(50_503);

        assertThat(ports.takePair()).hasValue(50_502);
        assertThat(ports.takeAny()).hasValue(50_501);
        assertThat(ports.free()).isZero();
    }

    @Test
    void anOddFirstAndAnEvenLastPortHaveNoPartner() {
        RelayPorts ports = new RelayPorts(50_001, 50_004, new SplittableRandom(1));

        assertThat(ports.takePair()).hasValue(50_002);
        assertThat(ports.takePair()).isEmpty();
        assertThat(ports.takeEven()).hasValue(50_004);
        assertThat(ports.takeAny()).hasValue(50_001);
    }

    @Test
    void portsAreSpreadOverTheWholeRange() {
        RelayPorts ports = new RelayPorts(49152, 65535, new SplittableRandom(3));
        int[] quarters = new int[4];
        for (int i = 0; i < 4_000; i++) {
            quarters[(ports.takeAny().orElseThrow() - 49152) / 4096]++;
        }

        assertThat(Arrays.stream(quarters)).allMatch(count -> count > 900 && count < 1100);
    }

    @Test
    void aPortThatWasNotTakenCannotBeReleased() {
        RelayPorts ports = new RelayPorts(50_000, 50_009, new SplittableRandom(1));

        assertThatIllegalStateException().isThrownBy(() -> ports.release(50_000));
        assertThatIllegalStateException().isThrownBy(() -> ports.release(49_999));
        assertThatIllegalStateException().isThrownBy(() -> ports.release(50_010));
    }
}
