package io.hairpin.server.core;

/// Who may use an allocation or claim a reservation: a user of a realm, or the bearers of its
/// access tokens together.
record Owner(String realm, String name) {}
