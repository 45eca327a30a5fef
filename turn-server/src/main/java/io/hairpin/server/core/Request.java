package io.hairpin.server.core;

import io.hairpin.server.auth.Verdict;
import io.hairpin.stun.StunMessage;

/// A request whose sender is known and which is well-formed: what every handler but Binding's
/// receives.
record Request(FiveTuple from, StunMessage message, Verdict.Authenticated sender) {

    String username() {
        return sender.username();
    }
}
