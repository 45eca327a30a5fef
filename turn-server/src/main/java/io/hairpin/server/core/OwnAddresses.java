package io.hairpin.server.core;

import java.net.InetAddress;

/// What the policy must know of this server's own addresses. Implementations are thread-safe
/// and cheap: the data path asks, in the numbers of [io.hairpin.stun.TransportAddress].
public interface OwnAddresses {

    /// Whether a listener or the admin endpoint of this server is on that address, on whichever
    /// port.
    boolean hasEndpoint(InetAddress address);

    /// Whether a listener or the admin endpoint of this server answers at that transport address.
    boolean isEndpoint(long high, long low, int port);

    /// Whether relayed transport addresses are on that address.
    boolean isRelayAddress(InetAddress address);

    /// Whether that is a relayed transport address of an allocation of this server now, on
    /// whichever shard.
    boolean isOpenRelay(long high, long low, int port);
}
