package io.hairpin.server.core;

import io.hairpin.server.auth.Credential;

/// A user as a store knew it at a time. An allocation keeps it: its requests need not be looked up
/// again, and go on while the store is not to be had.
record LookedUp(Credential credential, long atNanos) {

    /// The same with what is left of it.
    Credential at(long nowNanos) {
        return new Credential(
                credential.username(),
                credential.key(),
                credential.left().minusNanos(nowNanos - atNanos));
    }
}
