package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class AcceptFailuresTest {

    private final AtomicInteger counted = new AtomicInteger();
    private final EmbeddedChannel listening =
            new EmbeddedChannel(new AcceptFailures(_ -> counted.incrementAndGet()));

    @Test
    void whatCannotBeAcceptedIsCountedAndTriedAgainAMomentLater() {
        listening.freezeTime();

        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));

        assertThat(counted).hasValue(1);
        assertThat(listening.config().isAutoRead()).isFalse();
        listening.advanceTimeBy(AcceptFailures.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void itGoesNoFurther() {
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));

        listening.checkException();
    }
}
