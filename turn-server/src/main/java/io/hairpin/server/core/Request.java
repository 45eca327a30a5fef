package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;

import io.hairpin.server.auth.Term;
import io.hairpin.server.auth.Verdict;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

/// A request whose sender is known and which is well-formed: what every handler but Binding's
/// receives.
///
/// @param realm whose rules apply
/// @param lookedUp whom a store said the sender is; null if it is known without
record Request(
        FiveTuple from,
        StunMessage message,
        Verdict.Authenticated sender,
        Realm realm,
        @Nullable LookedUp lookedUp) {

    /// Whoever bears a token; no user can have this name.
    private static final String BEARER = "\t";

    String username() {
        return sender.username();
    }

    /// Whom counts what this sender gets.
    Holder holder() {
        return new Holder(realm, username(), from.client().getAddress());
    }

    /// Whose allocations and reservations this sender may use: nobody's in another realm. Tokens
    /// say nothing of who bears them and are replaced during a session (RFC 7635 §9), so to each
    /// other's bearers they are one owner, who is none of the users; what keeps them apart is the
    /// 5-tuple.
    Owner owner() {
        String name = sender.token().isEmpty() ? sender.username() : BEARER;
        return new Owner(realm.name(), name);
    }

    /// Cuts a lifetime by what the sender's access token (RFC 7635 §9), or a credential that is
    /// configured to, has left some time after the request; nothing may be left.
    long bounded(long lifetimeSeconds, long elapsedNanos) {
        Term term = sender.term();
        return term.limits()
                ? Math.clamp(term.left().minusNanos(elapsedNanos).toSeconds(), 0, lifetimeSeconds)
                : lifetimeSeconds;
    }

    /// Whether the sender's credential has expired, and that ends what is asked for. Giving an
    /// allocation back is always possible; a new one is refused where a retransmission can be told
    /// from it.
    boolean isTooLate() {
        boolean givesBack = message.find(LIFETIME).filter(lifetime -> lifetime == 0).isPresent();
        return switch (message.method()) {
            case ALLOCATE -> false;
            case REFRESH -> sender.term().endsRefreshing() && !givesBack;
            case CREATE_PERMISSION,
                    CHANNEL_BIND,
                    CONNECT,
                    CONNECTION_BIND,
                    BINDING,
                    SEND,
                    DATA,
                    CONNECTION_ATTEMPT ->
                    sender.term().endsAll();
        };
    }
}
