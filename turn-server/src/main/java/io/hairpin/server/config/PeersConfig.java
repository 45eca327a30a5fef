package io.hairpin.server.config;

import io.hairpin.server.core.Cidr;

import java.util.List;

/// Which peers may be relayed to, beyond the ranges that are denied by default.
///
/// The most specific rule wins, and deny wins a tie.
public record PeersConfig(
        @Default("[]") List<Cidr> allow, @Default("[]") List<Cidr> deny, TcpPeersConfig tcp) {

    public PeersConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /// What holds where nothing is set: the recommended denials and no exceptions from them.
    public static PeersConfig defaults() {
        return Binder.defaults(PeersConfig.class);
    }
}
