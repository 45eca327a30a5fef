package io.hairpin.server.auth;

import io.hairpin.stun.PasswordAlgorithm;

/// What a store of users is asked that takes its time, such as a database.
///
/// @param username as prepared with OpaqueString; whoever sent the request claims to have this name
/// @param algorithm what the user's key is to be derived with
public record CredentialQuery(String realm, String username, PasswordAlgorithm algorithm) {}
