package io.hairpin.server.auth;

import io.hairpin.stun.Integrity;

import java.time.Duration;
import java.util.Optional;

/// What the sender of a request has by an access token, and for how long.
///
/// @param left nothing that is granted may last longer (RFC 7635 §9); at least a second
public record TokenGrant(TokenSession session, Duration left) {

    /// The verdict on a request that the bearer has signed. Answers are signed the way the request
    /// was: there is no password to choose an algorithm for.
    Verdict toBearer(Integrity integrity) {
        return new Verdict.Authenticated(
                session.bearer(),
                session.key(),
                integrity,
                new Term(Expiry.HARD_STOP, left),
                Optional.of(this));
    }
}
