package io.hairpin.server.auth;

import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY_SHA256;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A key to try on a request, and whose it is.
record Candidate(IntegrityKey key, @Nullable Credential credential) {

    /// Its key need not be secret: what it verifies counts for nothing.
    static final Candidate NOBODY = new Candidate(IntegrityKey.ofBytes(new byte[32]), null);

    private static final int SHA_256_BYTES = 32;

    static Candidate of(Credential credential) {
        return new Candidate(credential.key(), credential);
    }

    static Candidate of(TokenSession session) {
        return of(new Credential(session.bearer(), session.key()));
    }

    /// Whose key the request was signed with. Tries all of them, also after one has fitted; where
    /// several fit, one that has not expired comes first.
    static @Nullable Credential signer(
            StunMessage request, Integrity integrity, List<Candidate> candidates) {
        boolean whole = hasWholeTag(request, integrity);
        Credential signer = null;
        for (Candidate candidate : candidates) {
            boolean fits = request.verify(integrity, candidate.key()) && whole;
            Credential credential = candidate.credential();
            if (fits && credential != null && (signer == null || signer.isExpired())) {
                signer = credential;
            }
        }
        return signer;
    }

    /// RFC 8489 §14.6: the SHA-256 tag may be cut short only where a usage says so, and TURN does
    /// not.
    static boolean hasWholeTag(StunMessage request, Integrity integrity) {
        return switch (integrity) {
            case SHA1 -> true;
            case SHA256 ->
                    request.find(MESSAGE_INTEGRITY_SHA256)
                            .filter(tag -> tag.length == SHA_256_BYTES)
                            .isPresent();
        };
    }
}
