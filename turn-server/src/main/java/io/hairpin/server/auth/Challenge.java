package io.hairpin.server.auth;

import io.hairpin.stun.PasswordAlgorithm;

import java.util.List;

/// What a 401 or 438 tells the client so that it can sign its next request: REALM, NONCE, and
/// PASSWORD-ALGORITHMS in order of preference.
public record Challenge(String realm, String nonce, List<PasswordAlgorithm> passwordAlgorithms) {
    public Challenge {
        passwordAlgorithms = List.copyOf(passwordAlgorithms);
    }
}
