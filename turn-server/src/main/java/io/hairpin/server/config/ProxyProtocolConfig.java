package io.hairpin.server.config;

import io.hairpin.server.core.Cidr;

import java.util.List;

/// Whose PROXY protocol headers are believed; without ranges nobody's are.
public record ProxyProtocolConfig(@Default("[]") List<Cidr> from) {

    public ProxyProtocolConfig {
        from = List.copyOf(from);
    }

    /// What holds where nothing is set: no proxy is believed.
    public static ProxyProtocolConfig defaults() {
        return Binder.defaults(ProxyProtocolConfig.class);
    }
}
