package io.hairpin.server.core;

import java.net.InetAddress;

/// Whom a [Resource] counts for: a user of a realm, and where that user came from.
record Holder(Realm realm, String username, InetAddress source) {

    /// The same in all names of TURN REST that one user has, and nobody's in another realm.
    Owner user() {
        return new Owner(realm.name(), Quotas.owner(username));
    }
}
