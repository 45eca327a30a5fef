package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The requests that wait for a response (RFC 8489 §6.2, §6.3). Thread-safe.
final class Transactions {
    /// Each belongs to a thread that waits, so this many callers share one client.
    static final int MAX_OUTSTANDING = 256;

    private final Transport transport;
    private final Retransmission retransmission;
    private final Time time;
    private final Map<TransactionId, Outstanding> outstanding = new ConcurrentHashMap<>();
    private volatile @Nullable IOException end;

    Transactions(Transport transport, Retransmission retransmission, Time time) {
        this.transport = transport;
        this.retransmission = retransmission;
        this.time = time;
    }

    /// Sends the request until a response comes that nothing is objected to.
    ///
    /// A response with an objection is as if it had never come; if no other follows, or the
    /// transport is reliable, the objection is why the transaction fails.
    StunMessage exchange(
            StunMessage request, Function<StunMessage, Optional<String>> objection, long maxNanos) {
        Outstanding transaction = new Outstanding(request, objection);
        if (outstanding.size() >= MAX_OUTSTANDING) {
            throw new IllegalStateException("more than " + MAX_OUTSTANDING + " transactions");
        }
        if (outstanding.putIfAbsent(request.transactionId(), transaction) != null) {
            throw new IllegalArgumentException("the transaction id is in use");
        }
        try {
            refuseIfEnded();
            sendUntilDone(transaction, maxNanos);
            return transaction.outcome();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ExchangeException(Reason.INTERRUPTED, "interrupted", interrupted);
        } catch (IOException failure) {
            throw ExchangeException.cannotSend(failure);
        } finally {
            outstanding.remove(request.transactionId());
        }
    }

    /// Takes a response in; false if nobody waits for it.
    boolean received(StunMessage response) {
        Outstanding transaction = outstanding.get(response.transactionId());
        if (transaction == null || transaction.request.method() != response.method()) {
            return false;
        }
        if (response.has(Attributes.FINGERPRINT) && !response.hasValidFingerprint()) {
            return false;
        }
        Optional<String> objection = transaction.objection.apply(response);
        if (objection.isEmpty()) {
            transaction.answer.complete(response);
            return true;
        }
        transaction.objected = objection.get();
        if (transport.reliable()) {
            transaction.fail(Reason.INTEGRITY_VIOLATED, objection.get(), null);
        }
        return true;
    }

    /// A hard ICMP error fails what is under way (RFC 8489 §6.2.1).
    void unreachable(IOException cause) {
        outstanding
                .values()
                .forEach(one -> one.fail(Reason.UNREACHABLE, "nobody listens there", cause));
    }

    void ended(IOException cause) {
        end = cause;
        outstanding.values().forEach(one -> one.fail(Reason.CLOSED, "no connection", cause));
    }

    private void refuseIfEnded() {
        IOException cause = end;
        if (cause != null) {
            throw new ExchangeException(Reason.CLOSED, "no connection", cause);
        }
    }

    private void sendUntilDone(Outstanding transaction, long maxNanos)
            throws IOException, InterruptedException {
        ByteBuffer packet = ByteBuffer.wrap(transaction.request.toBytes());
        int requests = transport.reliable() ? 1 : retransmission.requests();
        long start = time.nanoTime();
        for (int sent = 1; sent <= requests; sent++) {
            transport.send(packet);
            Duration next =
                    sent < requests ? retransmission.untilNext(sent) : retransmission.total();
            long wait = start + Math.min(next.toNanos(), maxNanos) - time.nanoTime();
            if (wait > 0) {
                time.await(transaction.answer, wait);
            }
            if (transaction.answer.isDone() || next.toNanos() >= maxNanos) {
                return;
            }
        }
    }

    private static final class Outstanding {
        private final StunMessage request;
        private final Function<StunMessage, Optional<String>> objection;
        private final CompletableFuture<StunMessage> answer = new CompletableFuture<>();
        private volatile @Nullable String objected;

        private Outstanding(
                StunMessage request, Function<StunMessage, Optional<String>> objection) {
            this.request = request;
            this.objection = objection;
        }

        private void fail(Reason reason, String message, @Nullable Throwable cause) {
            answer.completeExceptionally(failure(reason, message, cause));
        }

        private StunMessage outcome() {
            return switch (answer.state()) {
                case SUCCESS -> answer.resultNow();
                case RUNNING -> throw unanswered();
                case FAILED, CANCELLED -> throw (ExchangeException) answer.exceptionNow();
            };
        }

        private ExchangeException unanswered() {
            String message = objected;
            return message == null
                    ? failure(Reason.TIMED_OUT, "no response", null)
                    : failure(Reason.INTEGRITY_VIOLATED, message, null);
        }

        private ExchangeException failure(
                Reason reason, String message, @Nullable Throwable cause) {
            return new ExchangeException(reason, request.method() + ": " + message, cause);
        }
    }
}
