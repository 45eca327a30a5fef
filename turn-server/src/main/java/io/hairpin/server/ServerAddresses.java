package io.hairpin.server;

import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.relay.OpenRelays;
import io.hairpin.stun.TransportAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;

/// What this server has at which of its addresses, so that no client reaches its listeners or its
/// admin endpoint through a relay.
final class ServerAddresses implements OwnAddresses {

    private static final Logger log = LoggerFactory.getLogger(ServerAddresses.class);

    private final OpenRelays relays;
    private volatile InetSocketAddress[] endpoints = {};
    private volatile Set<InetAddress> local = MachineAddresses.all();

    ServerAddresses(OpenRelays relays) {
        this.relays = relays;
    }

    /// Notes a listener or the admin endpoint; the address may be a wildcard.
    synchronized void addEndpoint(InetSocketAddress bound) {
        InetSocketAddress[] grown = Arrays.copyOf(endpoints, endpoints.length + 1);
        grown[endpoints.length] = bound;
        endpoints = grown;
    }

    /// Looks again which addresses this machine has.
    void refresh() {
        try {
            local = MachineAddresses.all();
        } catch (UncheckedIOException e) {
            log.debug("The addresses of this machine cannot be read now", e);
        }
    }

    /// The same with other relays, since those of TCP are none to UDP, nor the other way round.
    OwnAddresses with(OpenRelays others) {
        return new OwnAddresses() {

            @Override
            public boolean hasEndpoint(InetAddress address) {
                return ServerAddresses.this.hasEndpoint(address);
            }

            @Override
            public boolean isEndpoint(long high, long low, int port) {
                return ServerAddresses.this.isEndpoint(high, low, port);
            }

            @Override
            public boolean isRelayAddress(InetAddress address) {
                return others.isRelayAddress(address);
            }

            @Override
            public boolean isOpenRelay(long high, long low, int port) {
                return others.contains(high, low, port);
            }
        };
    }

    @Override
    public boolean hasEndpoint(InetAddress address) {
        for (InetSocketAddress endpoint : endpoints) {
            if (answersAt(endpoint, address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isEndpoint(long high, long low, int port) {
        for (InetSocketAddress endpoint : endpoints) {
            if (endpoint.getPort() == port
                    && answersAt(endpoint, TransportAddress.inetAddress(high, low))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isRelayAddress(InetAddress address) {
        return relays.isRelayAddress(address);
    }

    @Override
    public boolean isOpenRelay(long high, long low, int port) {
        return relays.contains(high, low, port);
    }

    /// A NAT that maps an advertised address to a relay's may well map the ports of listeners too.
    private boolean answersAt(InetSocketAddress endpoint, InetAddress address) {
        InetAddress bound = endpoint.getAddress();
        if (bound.equals(address) || relays.isRelayAddress(address)) {
            return true;
        }
        // A wildcard of IPv6 counts for IPv4 too: where families share a socket it answers both.
        boolean covered =
                bound.isAnyLocalAddress()
                        && (bound instanceof Inet6Address || !(address instanceof Inet6Address));
        return covered && (address.isLoopbackAddress() || local.contains(address));
    }
}
