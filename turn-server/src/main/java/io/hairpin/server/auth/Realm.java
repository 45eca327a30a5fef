package io.hairpin.server.auth;

import io.hairpin.stun.OpaqueString;

/// What makes a configured realm usable.
final class Realm {
    /// RFC 8489 §14.9.
    private static final int MAX_CHARS = 127;

    private Realm() {}

    /// Returns the realm, so that no key derivation fails on it later.
    static String checked(String realm) {
        if (realm.length() > MAX_CHARS || OpaqueString.prepare(realm).isEmpty()) {
            throw new IllegalArgumentException(
                    "not a realm of 1 to %d printable characters: '%s'"
                            .formatted(MAX_CHARS, realm));
        }
        return realm;
    }
}
