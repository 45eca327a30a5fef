package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class OutboxTest {

    private final List<Runnable> endOfTurn = new ArrayList<>();
    private final Outbox outbox = new Outbox(endOfTurn::add);
    private final List<Sender> flushed = new ArrayList<>();

    @Test
    void nothingLeavesBeforeTheEndOfTheTurn() {
        Sender one = new Sender();
        Sender other = new Sender();

        one.send();
        other.send();
        one.send();
        assertThat(flushed).isEmpty();
        endTurn();

        assertThat(flushed).containsExactly(one, other);
    }

    @Test
    void eachTurnIsFlushedOnItsOwn() {
        Sender sender = new Sender();
        sender.send();
        endTurn();
        sender.send();
        assertThat(flushed).hasSize(1);

        endTurn();

        assertThat(flushed).containsExactly(sender, sender);
    }

    @Test
    void aTurnThatGathersTooMuchIsFlushedInBetween() {
        Sender sender = new Sender();
        for (int i = 0; i < Outbox.MAX_GATHERED - 1; i++) {
            sender.send();
        }
        assertThat(flushed).isEmpty();

        sender.send();
        assertThat(flushed).hasSize(1);
        endTurn();

        assertThat(flushed).hasSize(1);
    }

    @Test
    void oneTaskServesAWholeTurn() {
        new Sender().send();
        new Sender().send();

        assertThat(endOfTurn).hasSize(1);
    }

    private void endTurn() {
        List<Runnable> tasks = List.copyOf(endOfTurn);
        endOfTurn.clear();
        tasks.forEach(Runnable::run);
    }

    private final class Sender implements Outbox.Flushable {

        private int waiting;

        void send() {
            outbox.queued(this, waiting++ == 0);
        }

        @Override
        public void flush() {
            waiting = 0;
            flushed.add(this);
        }
    }
}
