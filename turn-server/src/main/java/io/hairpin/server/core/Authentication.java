package io.hairpin.server.core;

import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.auth.Verdict;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Finds out who sent a request, at once or by a look-up, and answers whoever that cannot be found
/// out of.
final class Authentication {

    /// Whom the requests are for.
    interface Audience {

        /// See [TurnCore#isTaken].
        boolean isTaken(FiveTuple client);

        /// Handles a request whose sender is known.
        List<Effect> authenticated(Request request, long nowNanos);
    }

    private final Realms realms;
    private final Allocations allocations;
    private final @Nullable Strangers strangers;
    private final PendingAuthentications pending;
    private final Responses responses;
    private final Audience audience;

    Authentication(
            Realms realms,
            Allocations allocations,
            @Nullable Strangers strangers,
            PendingAuthentications pending,
            Responses responses,
            Audience audience) {
        this.realms = realms;
        this.allocations = allocations;
        this.strangers = strangers;
        this.pending = pending;
        this.responses = responses;
        this.audience = audience;
    }

    /// Why somebody who has not authenticated gets no answer, or null if there is one, which
    /// counts. Who has an allocation by that 5-tuple has shown before that it can be reached there.
    @Nullable DropReason refusal(FiveTuple from, long nowNanos) {
        return strangers == null || audience.isTaken(from)
                ? null
                : strangers.refusal(from, nowNanos);
    }

    List<Effect> handle(Event.MessageReceived received, long nowNanos) {
        FiveTuple from = received.from();
        StunMessage message = received.message();
        Allocation own = allocations.of(from);
        Realm place = own == null ? realms.at(from.server(), received.serverName()) : own.realm;
        Realm realm = realms.of(message, place);
        return switch (judge(message, from, realm, own, nowNanos)) {
            case Verdict.Rejected rejected -> {
                DropReason refusal = refusal(from, nowNanos);
                yield refusal == null
                        ? reject(from, message, realm, rejected)
                        : drop(from, refusal);
            }
            case Verdict.Undecided(var query) -> lookUp(from, message, realm, query, nowNanos);
            case Verdict.Authenticated sender ->
                    authenticated(new Request(from, message, sender, realm, null), nowNanos);
        };
    }

    /// What a store said of the owner of an allocation counts in the allocation's realm alone.
    private static Verdict judge(
            StunMessage message,
            FiveTuple from,
            Realm realm,
            @Nullable Allocation own,
            long nowNanos) {
        Authenticator authenticator = realm.authenticator();
        return own == null
                ? authenticator.authenticate(message, from.client())
                : authenticator.authenticate(
                        message,
                        from.client(),
                        own.sessions(),
                        realm.equals(own.realm) ? own.lookedUp(nowNanos) : null);
    }

    /// Asks a store, if whoever sent the request may be told what comes of that.
    private List<Effect> lookUp(
            FiveTuple from,
            StunMessage message,
            Realm realm,
            CredentialQuery query,
            long nowNanos) {
        if (pending.has(from, message.transactionId())) {
            return drop(from, DropReason.AUTHENTICATION_PENDING);
        }
        DropReason refusal = refusal(from, nowNanos);
        return refusal == null
                ? List.of(pending.begin(from, message, realm, query, nowNanos))
                : drop(from, refusal);
    }

    List<Effect> handle(Event.CredentialsFound found, long nowNanos) {
        PendingAuthentication waiting = pending.take(found.id());
        if (waiting == null) {
            return List.of();
        }
        Realm realm = waiting.realm;
        return switch (realm.authenticator().decide(waiting.message, found.credentials())) {
            case Verdict.Rejected rejected ->
                    reject(waiting.from, waiting.message, realm, rejected);
            case Verdict.Authenticated sender -> {
                Credential user =
                        new Credential(sender.username(), sender.key(), sender.term().left());
                yield authenticated(
                        new Request(
                                waiting.from,
                                waiting.message,
                                sender,
                                realm,
                                new LookedUp(user, nowNanos)),
                        nowNanos);
            }
            case Verdict.Undecided _ -> throw new IllegalStateException("looked up in vain");
        };
    }

    List<Effect> handle(Event.LookUpFailed failed) {
        PendingAuthentication waiting = pending.take(failed.id());
        return waiting == null ? List.of() : List.of(pending.fail(waiting, failed.reason()));
    }

    /// It has taken too long to find out who sent that request.
    Effect expired(PendingAuthentication waiting) {
        return pending.expired(waiting);
    }

    void clientClosed(FiveTuple client) {
        pending.clientClosed(client);
    }

    private List<Effect> authenticated(Request request, long nowNanos) {
        if (strangers != null) {
            strangers.authenticated(request.from(), nowNanos);
        }
        return audience.authenticated(request, nowNanos);
    }

    private List<Effect> reject(
            FiveTuple from, StunMessage message, Realm realm, Verdict.Rejected why) {
        boolean tryAgain = why.code() == UNAUTHENTICATED || why.code() == STALE_NONCE;
        return List.of(
                tryAgain
                        ? responses.challenge(realm, from, message, why.code(), why.detail())
                        : responses.rejectUnsigned(from, message, why.code(), why.detail()));
    }

    private static List<Effect> drop(FiveTuple from, DropReason reason) {
        return List.of(new Effect.Drop(from, reason));
    }
}
