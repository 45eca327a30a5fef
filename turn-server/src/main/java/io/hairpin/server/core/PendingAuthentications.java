package io.hairpin.server.core;

import static io.hairpin.stun.ErrorCode.SERVER_ERROR;

import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests of one core whose senders are being looked up. They are all that a client can have
/// a server keep before it has authenticated, so [Admission] bounds how many there are, and a
/// deadline how long.
final class PendingAuthentications {

    private final Deadlines deadlines;
    private final Admission admission;
    private final Responses responses;
    private final Map<LookUpId, PendingAuthentication> byId = new HashMap<>();
    private final Map<FiveTuple, List<PendingAuthentication>> byClient = new HashMap<>();
    private long lastId;

    PendingAuthentications(Deadlines deadlines, Admission admission, Responses responses) {
        this.deadlines = deadlines;
        this.admission = admission;
        this.responses = responses;
    }

    /// Whether this is a copy of a request that waits already.
    boolean has(FiveTuple from, TransactionId transaction) {
        return byClient.getOrDefault(from, List.of()).stream()
                .anyMatch(pending -> pending.message.transactionId().equals(transaction));
    }

    /// Has the sender of a request looked up, or refuses it for lack of room.
    Effect begin(
            FiveTuple from,
            StunMessage message,
            Realm realm,
            CredentialQuery query,
            long nowNanos) {
        PendingAuthentication pending =
                new PendingAuthentication(new LookUpId(++lastId), from, message, realm);
        Optional<Limit> full = admission.tryAcquire(Resource.AUTHENTICATION, pending.holder());
        if (full.isPresent()) {
            return responses.rejectUnsigned(from, message, SERVER_ERROR, full.get());
        }
        byId.put(pending.id, pending);
        byClient.computeIfAbsent(from, _ -> new ArrayList<>(1)).add(pending);
        deadlines.schedule(pending, nowNanos + realm.authenticator().lookUpTimeout().toNanos());
        return new Effect.LookUpCredentials(pending.id, from, query);
    }

    /// Takes out the request that a look-up was for; null if it has timed out, or its client is
    /// gone.
    @Nullable PendingAuthentication take(LookUpId id) {
        PendingAuthentication pending = byId.get(id);
        if (pending != null) {
            end(pending);
        }
        return pending;
    }

    /// Refuses a request whose sender is not known and will not be.
    Effect fail(PendingAuthentication pending, String reason) {
        return responses.rejectUnsigned(pending.from, pending.message, SERVER_ERROR, reason);
    }

    /// The same when the look-up has taken too long.
    Effect expired(PendingAuthentication pending) {
        end(pending);
        return fail(pending, "credentials were not found in time");
    }

    /// Nobody waits for the answers to that client's requests any more.
    void clientClosed(FiveTuple client) {
        List.copyOf(byClient.getOrDefault(client, List.of())).forEach(this::end);
    }

    private void end(PendingAuthentication pending) {
        deadlines.cancel(pending);
        byId.remove(pending.id);
        byClient.computeIfPresent(
                pending.from,
                (_, others) -> {
                    others.remove(pending);
                    return others.isEmpty() ? null : others;
                });
        admission.release(Resource.AUTHENTICATION, pending.holder());
    }
}
