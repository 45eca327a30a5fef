package io.hairpin.server.auth;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;

import java.util.Optional;

/// What the authentication of a request came to.
public sealed interface Verdict {
    /// The request is `username`'s.
    ///
    /// @param username the name of a user, or of whoever bears an access token ([TokenSession])
    /// @param integrity what every response to this request is signed with, which is not always
    ///     what the request was signed with (RFC 8489 §9.2.4)
    /// @param term how long the user's credential or the bearer's token is good for
    /// @param token what it may by an access token; empty for a user
    record Authenticated(
            String username,
            IntegrityKey key,
            Integrity integrity,
            Term term,
            Optional<TokenGrant> token)
            implements Verdict {}

    /// None of the keys at hand has signed the request, but a store may know of others:
    /// [Authenticator#decide] goes on with what it has found. All else about the request is in
    /// order, the nonce included, so whoever sent it can be reached at the address it came from.
    record Undecided(CredentialQuery query) implements Verdict {}

    /// The request is refused: 401 and 438 go out with a [Challenge], 400 without.
    ///
    /// @param detail for logs, never for the wire; contains nothing the client sent
    record Rejected(ErrorCode code, String detail) implements Verdict {}
}
