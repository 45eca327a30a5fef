package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/// The part of the [Ledger] on requests whose sender is being looked up: each is answered once,
/// within the time there is for it, unless its client is gone.
final class LookUpLedger {

    private record Key(int shard, LookUpId id) {}

    private record Waiting(Event.MessageReceived asked, String realm, long deadlineNanos) {

        private boolean isFor(FiveTuple to, Effect.Reject answer) {
            return asked.from().equals(to)
                    && asked.message().transactionId().equals(answer.message().transactionId());
        }
    }

    private final Map<Key, Waiting> waiting = new HashMap<>();
    private final LongSupplier clock;
    private final Tally tally;

    LookUpLedger(LongSupplier clock, Tally tally) {
        this.clock = clock;
        this.tally = tally;
    }

    /// What an event is about: the request that was waiting for it, if it ends a look-up.
    @Nullable Event about(int shard, Event event) {
        LookUpId id =
                switch (event) {
                    case Event.CredentialsFound found -> found.id();
                    case Event.LookUpFailed failed -> failed.id();
                    default -> null;
                };
        if (id == null) {
            return event;
        }
        Waiting request = waiting.get(new Key(shard, id));
        if (request == null || request.deadlineNanos() <= clock.getAsLong()) {
            tally.count("looked up too late");
            return null;
        }
        waiting.remove(new Key(shard, id));
        return request.asked();
    }

    void began(int shard, Event event, Effect.LookUpCredentials effect) {
        Event.MessageReceived asked = (Event.MessageReceived) event;
        assertThat(effect.from()).isEqualTo(asked.from());
        long deadline = clock.getAsLong() + VirtualStore.TIMEOUT.toNanos();
        Waiting request = new Waiting(asked, effect.query().realm(), deadline);
        assertThat(waiting.put(new Key(shard, effect.id()), request)).isNull();
    }

    /// Whether an answer says that a look-up took too long.
    static boolean isTimeout(Effect.Reject answer) {
        return answer.code() == ErrorCode.SERVER_ERROR && answer.detail().contains("in time");
    }

    /// The same of one that is due.
    boolean timedOut(int shard, Effect.Reject answer) {
        if (!isTimeout(answer)) {
            return false;
        }
        boolean wasDue =
                waiting.entrySet()
                        .removeIf(
                                entry ->
                                        entry.getKey().shard() == shard
                                                && entry.getValue().isFor(answer.to(), answer)
                                                && entry.getValue().deadlineNanos()
                                                        <= clock.getAsLong());
        assertThat(wasDue).as("a look-up that took too long").isTrue();
        tally.count("look-up timed out");
        return true;
    }

    /// Nobody waits any more, but for an answer that is due: what has expired ends first.
    void clientClosed(int shard, FiveTuple client) {
        long now = clock.getAsLong();
        boolean waited =
                waiting.entrySet()
                        .removeIf(
                                entry ->
                                        entry.getKey().shard() == shard
                                                && entry.getValue().deadlineNanos() > now
                                                && entry.getValue().asked().from().equals(client));
        if (waited) {
            tally.count("looked up in vain");
        }
    }

    /// Those who wait; the same for all of a realm, since nobody counts by name.
    List<HoldingLedger.Holding> holdings() {
        return waiting.values().stream()
                .map(each -> holding(each.realm(), each.asked().from()))
                .toList();
    }

    static HoldingLedger.Holding holding(String realm, FiveTuple from) {
        boolean isFirst = realm.equals(ClientCredentials.REALM_NAME);
        return new HoldingLedger.Holding(
                isFirst ? "" : "@" + ClientCredentials.OTHER_REALM_NAME,
                Objects.requireNonNull(from.client().getAddress()));
    }

    void checkNoneIsOverdue(int shard) {
        long now = clock.getAsLong();
        waiting.forEach(
                (key, request) ->
                        assertThat(key.shard() == shard && request.deadlineNanos() <= now)
                                .as("%s is still being looked up", request.asked().from())
                                .isFalse());
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
