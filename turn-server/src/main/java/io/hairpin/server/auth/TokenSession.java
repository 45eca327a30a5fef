package io.hairpin.server.auth;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.StunMessage;

import java.time.Instant;

/// What an access token gave its bearer: a key to sign requests with until it expires. Requests
/// other than Allocate and Refresh have no token (RFC 7635 §9), so an allocation keeps it.
///
/// @param keyId what the bearer names itself by, in USERNAME
/// @param bearer the name of whoever bears this token, and no other; no user can have it
/// @param strong whether the key is long enough for HMAC-SHA-256
public record TokenSession(
        String keyId, String bearer, IntegrityKey key, boolean strong, Instant expires) {

    /// Stands between the key id and the rest of [#bearer]: OpaqueString has no control characters,
    /// so no user name does.
    static final char MARK = '\t';

    /// The same with another key, which is good for SHA-1 alone.
    TokenSession weakened(IntegrityKey other) {
        return new TokenSession(keyId, bearer, other, false, expires);
    }

    /// Whether the request is signed with its key, in a way that the bearer may.
    boolean hasSigned(StunMessage request, Integrity integrity) {
        return request.verify(integrity, key)
                && Candidate.hasWholeTag(request, integrity)
                && takes(integrity);
    }

    /// Whether the bearer may sign this way.
    boolean takes(Integrity integrity) {
        return switch (integrity) {
            case SHA1 -> true;
            case SHA256 -> strong;
        };
    }
}
