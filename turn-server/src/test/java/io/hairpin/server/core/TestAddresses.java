package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Reads addresses as people write them: `192.0.2.1:80`, `[2001:db8::1]:80`; and asks an allocation
/// about them, which wants numbers.
final class TestAddresses {

    private TestAddresses() {}

    static InetSocketAddress of(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host(host), Integer.parseInt(text.substring(colon + 1)));
    }

    static @Nullable DropReason refusal(
            Allocation allocation, InetSocketAddress peer, long nowNanos) {
        TransportAddress address = TransportAddress.of(peer);
        return allocation.refusal(address.high(), address.low(), address.port(), nowNanos);
    }

    static @Nullable Channel channelTo(
            Allocation allocation, InetSocketAddress peer, long nowNanos) {
        TransportAddress address = TransportAddress.of(peer);
        return allocation.channelTo(address.high(), address.low(), address.port(), nowNanos);
    }

    static boolean admits(PeerPolicy policy, PeerPolicy.Reach reach, String peer) {
        TransportAddress address = TransportAddress.of(of(peer));
        return policy.admits(reach, address.high(), address.low(), address.port());
    }

    static InetAddress host(String text) {
        return InetAddress.ofLiteral(text);
    }
}
