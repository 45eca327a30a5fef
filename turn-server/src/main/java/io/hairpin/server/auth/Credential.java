package io.hairpin.server.auth;

import io.hairpin.stun.IntegrityKey;

import java.time.Duration;

/// A user a request may have been signed by, with the key that tells.
///
/// @param left how long it is good for; not positive once a time-limited credential is past its
///     time: it still authenticates, and what it may then do is not decided here
public record Credential(String username, IntegrityKey key, Duration left) {

    /// One that does not expire.
    public Credential(String username, IntegrityKey key) {
        this(username, key, Term.ENDLESS);
    }

    boolean isExpired() {
        return !left.isPositive();
    }
}
