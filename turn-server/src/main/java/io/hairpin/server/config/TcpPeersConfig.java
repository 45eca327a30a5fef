package io.hairpin.server.config;

import io.hairpin.server.core.Cidr;

import java.util.List;

/// Which peers TCP relays may have connections with. What `peers.allow` opens is for UDP alone, and
/// what `peers.deny` closes is closed to both.
///
/// @param ports those that clients may connect to
public record TcpPeersConfig(
        @Default("[]") List<Cidr> allow,
        @Default("[]") List<Cidr> deny,
        @Default("[1024-65535]") List<PortRange> ports) {

    public TcpPeersConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        ports = List.copyOf(ports);
    }

    /// What holds where nothing is set.
    public static TcpPeersConfig defaults() {
        return Binder.defaults(TcpPeersConfig.class);
    }

    /// Whether it is what holds where nothing is set. Ports are compared as they are written: the
    /// JVM puts the `equals` of a record together when it is first called, and starts wait for it.
    boolean isDefault() {
        TcpPeersConfig defaults = defaults();
        return allow.equals(defaults.allow())
                && deny.equals(defaults.deny())
                && ports.toString().equals(defaults.ports().toString());
    }

    /// Whether clients may connect to that port.
    public boolean opens(int port) {
        return ports.stream().anyMatch(range -> range.first() <= port && port <= range.last());
    }
}
