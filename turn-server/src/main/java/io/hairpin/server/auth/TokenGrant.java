package io.hairpin.server.auth;

import java.time.Duration;

/// What the sender of a request has by an access token, and for how long.
///
/// @param left nothing that is granted may last longer (RFC 7635 §9); at least a second
public record TokenGrant(TokenSession session, Duration left) {}
