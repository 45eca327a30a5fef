package io.hairpin.stun;

import rocks.xmpp.precis.PrecisProfiles;

import java.util.Optional;

/// The form in which user names, realms and passwords are compared and hashed (RFC 8265 §4.2).
public final class OpaqueString {
    private OpaqueString() {}

    /// Brings a string into that form; empty where the profile forbids it, as it does an empty
    /// string or one with control characters.
    public static Optional<String> prepare(String text) {
        try {
            return Optional.of(PrecisProfiles.OPAQUE_STRING.enforce(text));
        } catch (IllegalArgumentException forbidden) {
            return Optional.empty();
        }
    }
}
