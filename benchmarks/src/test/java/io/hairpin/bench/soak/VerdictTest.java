package io.hairpin.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleToLongFunction;
import java.util.stream.IntStream;

class VerdictTest {
    private static final long MEGABYTE = 1_000_000;
    private static final Outcome GOOD =
            new Outcome(1000, 0, 5, List.of(), 9000, 9000, new TreeMap<>());

    @Test
    void aRunThatEndsWhereItBeganHolds() {
        assertThat(broken(samples(1800, _ -> 90 * MEGABYTE), sample(0, 0, 40, 7), 0)).isEmpty();
    }

    @Test
    void oneDescriptorLessIsNone() {
        assertThat(broken(samples(1800, _ -> 90 * MEGABYTE), sample(0, 0, 39, 7), 0)).isEmpty();
    }

    @Test
    void oneDescriptorTooManyIsTooMany() {
        assertThat(broken(samples(1800, _ -> 90 * MEGABYTE), sample(0, 0, 41, 7), 0))
                .containsExactly("descriptors");
    }

    @Test
    void oneEntryLeftInATableIsTooMany() {
        assertThat(broken(samples(1800, _ -> 90 * MEGABYTE), sample(0, 0, 40, 6), 0))
                .containsExactly("hairpin_relay_ports_free");
    }

    @Test
    void memoryMayWaverButNotGrow() {
        assertThat(
                        broken(
                                samples(1800, s -> (90 + (long) s / 5 % 9) * MEGABYTE),
                                sample(0, 0, 40, 7),
                                0))
                .isEmpty();
        assertThat(
                        broken(
                                samples(1800, s -> (90 + (long) s / 100) * MEGABYTE),
                                sample(0, 0, 40, 7),
                                0))
                .containsExactly("growth of resident memory over the second half");
    }

    @Test
    void aShortRunSaysNothingOfMemory() {
        Verdict verdict = verdict(samples(60, s -> (long) (s * MEGABYTE)), sample(0, 0, 40, 7), 0);

        assertThat(verdict.checks())
                .filteredOn(check -> check.state() == Check.State.NOT_JUDGED)
                .extracting(Check::what)
                .containsExactly("growth of resident memory over the second half");
    }

    @Test
    void whatStaysInTheHeapIsALeak() {
        assertThat(broken(samples(1800, _ -> 90 * MEGABYTE), sample(0, 0, 40, 7), 3 * MEGABYTE))
                .containsExactly("heap in use after a full collection");
    }

    @Test
    void theSlopeIsThatOfTheLineThatFitsBest() {
        assertThat(Verdict.slope(samples(100, s -> (long) (3 * s)), Sample::residentBytes))
                .isCloseTo(3, within(1e-9));
    }

    private static List<String> broken(List<Sample> samples, Sample end, long heapGrowth) {
        return verdict(samples, end, heapGrowth).checks().stream()
                .filter(check -> check.state() == Check.State.BROKEN)
                .map(Check::what)
                .toList();
    }

    private static Verdict verdict(List<Sample> samples, Sample end, long heapGrowth) {
        Outcome rehearsal = new Outcome(30, 0, 0, List.of(), 9, 9, new TreeMap<>());
        return new Verdict(
                sample(0, 0, 30, 7),
                sample(0, 0, 40, 7),
                end,
                samples,
                new Verdict.LiveHeap(9 * MEGABYTE, 9 * MEGABYTE + heapGrowth),
                rehearsal,
                GOOD,
                List.of());
    }

    private static List<Sample> samples(int seconds, DoubleToLongFunction resident) {
        return IntStream.rangeClosed(0, seconds / 5)
                .mapToObj(i -> sample(5 * i, resident.applyAsLong(5 * i), 200, 3))
                .toList();
    }

    private static Sample sample(double seconds, long resident, long descriptors, long free) {
        return new Sample(
                seconds,
                resident,
                resident,
                9 * MEGABYTE,
                descriptors,
                0,
                new TreeMap<>(Map.of("hairpin_relay_ports_free", free)));
    }
}
