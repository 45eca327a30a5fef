package io.hairpin.server.auth;

import io.hairpin.stun.OpaqueString;

import java.util.Optional;

/// The form of a username under which it is looked up and hashed.
final class Username {
    private Username() {}

    /// Prepares a name with OpaqueString; empty if it is not allowed.
    ///
    /// A few names change when prepared a second time, or are refused only then: Greek ano teleia
    /// becomes a middle dot, which may stand between two l's alone. Key derivation does prepare
    /// again, so such names are refused here, as RFC 8264 §7 has it.
    static Optional<String> prepare(String name) {
        return OpaqueString.prepare(name)
                .filter(once -> OpaqueString.prepare(once).filter(once::equals).isPresent());
    }
}
