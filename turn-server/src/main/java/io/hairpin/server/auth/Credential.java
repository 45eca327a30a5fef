package io.hairpin.server.auth;

import io.hairpin.stun.IntegrityKey;

/// A user a request may have been signed by, with the key that tells. `expired` is set once a
/// time-limited credential is past its time: it still authenticates, and what it may then do is not
/// decided here.
public record Credential(String username, IntegrityKey key, boolean expired) {}
