package io.hairpin.server.auth;

import io.hairpin.stun.PasswordAlgorithm;

import java.util.List;
import java.util.Optional;

/// What a 401 or 438 tells the client so that it can sign its next request: REALM, NONCE, and
/// PASSWORD-ALGORITHMS in order of preference.
///
/// @param thirdParty what to name this server by when asking for an access token (RFC 7635 §6.1);
///     empty where none are taken
public record Challenge(
        String realm,
        String nonce,
        List<PasswordAlgorithm> passwordAlgorithms,
        Optional<String> thirdParty) {
    public Challenge {
        passwordAlgorithms = List.copyOf(passwordAlgorithms);
    }
}
