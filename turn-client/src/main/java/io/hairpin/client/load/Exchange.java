package io.hairpin.client.load;

import io.hairpin.client.Retransmission;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import java.nio.ByteBuffer;

/// A request that waits for its response.
final class Exchange {

    /// What to do at some point in time.
    enum Step {
        WAIT,
        REPEAT,
        GIVE_UP
    }

    private final StunMessage request;
    private final Retransmission retransmission;
    private final boolean reliable;
    private final long startNanos;
    private int sent = 1;
    private long nextNanos;

    Exchange(
            StunMessage request, Retransmission retransmission, boolean reliable, long startNanos) {
        this.request = request;
        this.retransmission = retransmission;
        this.reliable = reliable;
        this.startNanos = startNanos;
        scheduleNext();
    }

    Method method() {
        return request.method();
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(request.toBytes());
    }

    boolean isAnsweredBy(StunMessage response) {
        return response.transactionId().equals(request.transactionId())
                && response.method() == request.method();
    }

    /// What is due; a repetition is taken for sent.
    Step step(long nowNanos) {
        if (nowNanos - nextNanos < 0) {
            return Step.WAIT;
        }
        if (reliable || sent == retransmission.requests()) {
            return Step.GIVE_UP;
        }
        sent++;
        scheduleNext();
        return Step.REPEAT;
    }

    private void scheduleNext() {
        nextNanos =
                startNanos
                        + (reliable ? retransmission.total() : retransmission.untilNext(sent))
                                .toNanos();
    }
}
