package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class OutboxTest {

    private static final int MAX_GATHERED = 5;

    private final Outbox outbox = new Outbox(MAX_GATHERED);
    private final List<Sender> flushed = new ArrayList<>();

    @Test
    void nothingLeavesBeforeTheFlush() {
        Sender one = new Sender();
        Sender other = new Sender();

        one.send();
        other.send();
        one.send();
        assertThat(flushed).isEmpty();
        outbox.flush();

        assertThat(flushed).containsExactly(one, other);
    }

    @Test
    void eachTurnIsFlushedOnItsOwn() {
        Sender sender = new Sender();
        sender.send();
        outbox.flush();
        sender.send();
        assertThat(flushed).hasSize(1);

        outbox.flush();

        assertThat(flushed).containsExactly(sender, sender);
    }

    @Test
    void aTurnThatGathersTooMuchIsFlushedInBetween() {
        Sender sender = new Sender();
        for (int i = 0; i < MAX_GATHERED - 1; i++) {
            sender.send();
        }
        assertThat(flushed).isEmpty();

        sender.send();
        assertThat(flushed).hasSize(1);
        outbox.flush();

        assertThat(flushed).hasSize(1);
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
