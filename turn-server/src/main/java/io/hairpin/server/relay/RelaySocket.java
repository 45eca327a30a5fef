package io.hairpin.server.relay;

import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.TransportAddress;

import java.net.InetSocketAddress;

/// An open relay.
///
/// @param relayed its address as clients and peers see it
/// @param handler who hears of what becomes of datagrams
record RelaySocket(DatagramEndpoint endpoint, InetSocketAddress relayed, DatagramHandler handler) {

    /// RFC 792.
    private static final IcmpError TIME_EXCEEDED = new IcmpError(11, 0, 0);

    /// RFC 4443 §3.3.
    private static final IcmpError ICMPV6_TIME_EXCEEDED = new IcmpError(3, 0, 0);

    /// Says of a datagram to that address what a router does that cannot pass it on, since it has
    /// no hops left.
    void hopLimitReached(long high, long low, int port) {
        handler.icmp(
                TransportAddress.socketAddress(high, low, port),
                TransportAddress.isIpv4(high, low) ? TIME_EXCEEDED : ICMPV6_TIME_EXCEEDED);
    }
}
