package io.hairpin.server.auth;

import io.hairpin.stun.PasswordAlgorithm;

/// What a store of credentials is asked.
///
/// @param username as prepared with OpaqueString
/// @param algorithm what the key is to be derived with
public record CredentialQuery(String realm, String username, PasswordAlgorithm algorithm) {}
