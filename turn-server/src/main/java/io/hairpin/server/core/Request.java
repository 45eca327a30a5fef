package io.hairpin.server.core;

import io.hairpin.server.auth.Verdict;
import io.hairpin.stun.StunMessage;

/// A request whose sender is known and which is well-formed: what every handler but Binding's
/// receives.
///
/// @param realm whose rules apply
record Request(FiveTuple from, StunMessage message, Verdict.Authenticated sender, Realm realm) {

    /// Whoever bears a token; no user can have this name.
    private static final String BEARER = "\t";

    String username() {
        return sender.username();
    }

    /// Whose allocations and reservations this sender may use: nobody's in another realm. Tokens
    /// say nothing of who bears them and are replaced during a session (RFC 7635 §9), so to each
    /// other's bearers they are one owner, who is none of the users; what keeps them apart is the
    /// 5-tuple.
    Owner owner() {
        String name = sender.token().isEmpty() ? sender.username() : BEARER;
        return new Owner(realm.name(), name);
    }

    /// Cuts a lifetime by what the sender's access token has left some time after the request
    /// (RFC 7635 §9); nothing may be left.
    long bounded(long lifetimeSeconds, long elapsedNanos) {
        return sender.token()
                .map(token -> token.left().minusNanos(elapsedNanos).toSeconds())
                .map(left -> Math.clamp(left, 0, lifetimeSeconds))
                .orElse(lifetimeSeconds);
    }
}
