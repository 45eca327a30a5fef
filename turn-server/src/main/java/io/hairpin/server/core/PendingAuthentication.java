package io.hairpin.server.core;

import io.hairpin.stun.StunMessage;

/// A request whose sender is being looked up. It ends by itself when that takes too long.
final class PendingAuthentication extends Expiring {

    final LookUpId id;
    final FiveTuple from;
    final StunMessage message;
    final Realm realm;

    PendingAuthentication(LookUpId id, FiveTuple from, StunMessage message, Realm realm) {
        this.id = id;
        this.from = from;
        this.message = message;
        this.realm = realm;
    }

    /// Whom it counts for: nobody by name, since anybody can claim to have one.
    Holder holder() {
        return new Holder(realm, "", from.client().getAddress());
    }
}
