package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/// Own addresses as a test sets them.
final class FakeOwnAddresses implements OwnAddresses {

    final Set<InetSocketAddress> endpoints = new HashSet<>();
    final Set<InetAddress> relayAddresses = new HashSet<>();
    final Set<InetSocketAddress> openRelays = new HashSet<>();

    @Override
    public boolean hasEndpoint(InetAddress address) {
        return endpoints.stream().anyMatch(endpoint -> endpoint.getAddress().equals(address));
    }

    @Override
    public boolean isEndpoint(long high, long low, int port) {
        return endpoints.contains(TransportAddress.socketAddress(high, low, port));
    }

    @Override
    public boolean isRelayAddress(InetAddress address) {
        return relayAddresses.contains(address);
    }

    @Override
    public boolean isOpenRelay(long high, long low, int port) {
        return openRelays.contains(TransportAddress.socketAddress(high, low, port));
    }
}
