package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

class DeadlinesTest {

    /// Enough for a heap with branches, and few enough times that some are equal.
    private static final int ENTRIES = 32;

    sealed interface Step {
        record Schedule(int entry, long deadline) implements Step {}

        record Cancel(int entry) implements Step {}

        record Poll(long now) implements Step {}
    }

    @Test
    void withoutEntriesThereIsNoDeadline() {
        Deadlines deadlines = new Deadlines();

        assertThat(deadlines.next()).isEqualTo(Long.MAX_VALUE);
        assertThat(deadlines.poll(Long.MAX_VALUE)).isNull();
    }

    @Test
    void anEntryIsDueAtItsDeadlineAndNotBefore() {
        Deadlines deadlines = new Deadlines();
        Expiring entry = new ReservationTimeout(1);
        deadlines.schedule(entry, 100);

        assertThat(deadlines.poll(99)).isNull();
        assertThat(deadlines.poll(100)).isSameAs(entry);
        assertThat(deadlines.poll(100)).isNull();
    }

    @Test
    void whatIsCancelledLeavesNothingBehind() {
        Deadlines deadlines = new Deadlines();
        List<Expiring> entries = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Expiring entry = new ReservationTimeout(i);
            entries.add(entry);
            deadlines.schedule(entry, (i * 7919L) % 1000);
        }

        entries.forEach(deadlines::cancel);
        entries.forEach(deadlines::cancel);

        assertThat(deadlines.size()).isZero();
        assertThat(deadlines.next()).isEqualTo(Long.MAX_VALUE);
    }

    @Property
    void behavesAsASortedListWould(@ForAll("steps") List<Step> steps) {
        Deadlines deadlines = new Deadlines();
        List<Expiring> model = new ArrayList<>();
        List<Expiring> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.add(new ReservationTimeout(i));
        }
        for (Step step : steps) {
            switch (step) {
                case Step.Schedule(int entry, long deadline) -> {
                    deadlines.schedule(entries.get(entry), deadline);
                    model.remove(entries.get(entry));
                    model.add(entries.get(entry));
                }
                case Step.Cancel(int entry) -> {
                    deadlines.cancel(entries.get(entry));
                    model.remove(entries.get(entry));
                }
                case Step.Poll(long now) -> {
                    long earliest = next(model);
                    @Nullable Expiring due = deadlines.poll(now);
                    assertThat(due != null).isEqualTo(earliest <= now);
                    if (due != null) {
                        assertThat(due.deadlineNanos()).isEqualTo(earliest);
                        assertThat(model.remove(due)).isTrue();
                    }
                }
            }
            assertThat(deadlines.size()).isEqualTo(model.size());
            assertThat(deadlines.next()).isEqualTo(next(model));
        }
    }

    private static long next(List<Expiring> model) {
        Optional<Expiring> first =
                model.stream().min(Comparator.comparingLong(Expiring::deadlineNanos));
        return first.map(Expiring::deadlineNanos).orElse(Long.MAX_VALUE);
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> entries = Arbitraries.integers().between(0, ENTRIES - 1);
        Arbitrary<Long> times = Arbitraries.longs().between(0, 100);
        Arbitrary<Step> schedule =
                entries.flatMap(entry -> times.map(time -> new Step.Schedule(entry, time)));
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(3, schedule),
                        Tuple.of(1, entries.map(Step.Cancel::new)),
                        Tuple.of(1, times.map(Step.Poll::new)))
                .list()
                .ofMinSize(50)
                .ofMaxSize(300);
    }
}
