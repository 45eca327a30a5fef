package io.hairpin.server.core;

import io.hairpin.server.auth.Authenticator;

import org.jspecify.annotations.Nullable;

/// A community of users, and what applies to them: who they are, whom they may reach, how much
/// they may use. Shared by the cores of a server, thread-safe.
///
/// @param tcp whom they may reach through TCP relays; null if they get none
/// @param quotas how much its users may hold
public record Realm(
        Authenticator authenticator,
        TurnPolicy policy,
        PeerPolicy peers,
        @Nullable TcpPeers tcp,
        ByResource<Quotas> quotas) {

    public String name() {
        return authenticator.realm();
    }

    /// Whom a relay of that transport may reach.
    PeerPolicy peers(RelayTransport transport) {
        return transport == RelayTransport.TCP && tcp != null ? tcp.policy() : peers;
    }
}
