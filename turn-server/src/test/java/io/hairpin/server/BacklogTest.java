package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What bounds the queues between shards.
class BacklogTest {

    private static final int LIMIT = 10;

    private final Backlog backlog = new Backlog(LIMIT);

    @Test
    void thereIsRoomUpToTheLimit() {
        assertThat(backlog.take(4)).isTrue();
        assertThat(backlog.take(6)).isTrue();
        assertThat(backlog.take(1)).isFalse();
    }

    @Test
    void whatIsRefusedTakesNoRoom() {
        assertThat(backlog.take(LIMIT + 1)).isFalse();

        assertThat(backlog.underWay()).isZero();
        assertThat(backlog.take(LIMIT)).isTrue();
    }

    @Test
    void whatHasArrivedMakesRoom() {
        assertThat(backlog.take(LIMIT)).isTrue();
        backlog.give(3);

        assertThat(backlog.take(4)).isFalse();
        assertThat(backlog.take(3)).isTrue();
    }

    @Test
    void threadsThatTakeAtTheSameTimeStayWithinTheLimit() {
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<CompletableFuture<Void>> running =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    _ ->
                                            CompletableFuture.runAsync(
                                                    () -> takeAndGive(held, most), threads))
                            .toList();
            running.forEach(CompletableFuture::join);
        }

        assertThat(most).hasValueBetween(1, LIMIT);
        assertThat(backlog.underWay()).isZero();
    }

    private void takeAndGive(AtomicInteger held, AtomicInteger most) {
        for (int i = 0; i < 10_000; i++) {
            if (backlog.take(3)) {
                most.accumulateAndGet(held.addAndGet(3), Math::max);
                held.addAndGet(-3);
                backlog.give(3);
            }
        }
    }
}
