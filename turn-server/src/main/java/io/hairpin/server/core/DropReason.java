package io.hairpin.server.core;

/// Why a packet went nowhere. Every packet the server ignores is counted under one of these.
public enum DropReason {
    /// Neither STUN nor ChannelData, or broken beyond an answer.
    MALFORMED,
    /// A header of the PROXY protocol from somebody who is not to be believed.
    UNTRUSTED_PROXY,
    /// A header of the PROXY protocol that cannot be understood.
    MALFORMED_PROXY_HEADER,
    /// A classic STUN message without the magic cookie (RFC 3489).
    CLASSIC_STUN,
    /// A request for NAT behaviour discovery past what one source, or all, may ask in a second.
    NAT_DISCOVERY_LIMIT,
    /// A request without credentials beyond what an IPv4 address or IPv6 /64 is answered a second.
    UNAUTHENTICATED_PER_SOURCE,
    /// The same beyond what an IPv4 /24 or IPv6 /48 is answered.
    UNAUTHENTICATED_PER_NETWORK,
    /// The same beyond what all sources together are answered.
    UNAUTHENTICATED_IN_ALL,
    /// A success or error response; a server asks nothing.
    UNEXPECTED_RESPONSE,
    /// A Binding indication: a keep-alive that wants no answer (RFC 8489 §6.3.2).
    KEEP_ALIVE,
    /// An indication of a method that has none towards a server.
    UNEXPECTED_INDICATION,
    /// An indication with an attribute that must be understood and is not.
    UNKNOWN_ATTRIBUTE,
    /// A copy of an Allocate request whose relay is still being opened.
    ALLOCATE_PENDING,
    /// A copy of a request whose sender is being looked up.
    AUTHENTICATION_PENDING,
    /// Data from a client that has no allocation.
    NO_ALLOCATION,
    /// ChannelData on a channel that is not bound.
    UNBOUND_CHANNEL,
    /// Data to or from a peer without a permission.
    NO_PERMISSION,
    /// Data to a peer that the policy refuses, such as the server's own listeners.
    PEER_DENIED,
    /// Data for a peer of an address family the allocation has no UDP relay of.
    FAMILY_MISMATCH,
    /// An ICMP error of a type that clients are not told of.
    ICMP_TYPE,
    /// More ICMP errors in a second than a client is told of.
    ICMP_RATE,
    /// A peer whose connection with the same TCP relay is still there connected to it again.
    PEER_CONNECTED,
    /// A peer connected to a TCP relay that has as many connections as it may, or its user, its
    /// realm, where its client is from, or the server has.
    CONNECTION_LIMIT,
    /// A datagram from a peer that does not fit into a message to the client.
    TOO_LARGE,
    /// Data that came with its last hop, where hops are counted down (`sockets.hop-limit`).
    HOP_LIMIT,
    /// Data from a peer for a client whose connection has ended, and which may come back.
    CLIENT_AWAY,
    /// Too much of a client waits to pass from the shard it is on to the one that has its
    /// allocation, or back.
    SHARD_QUEUE_FULL,
    /// More data than an allocation may pass on (`limits.bandwidth.per-allocation`).
    ALLOCATION_BANDWIDTH,
    /// More data than a user may pass on, all allocations together (`limits.bandwidth.per-user`).
    USER_BANDWIDTH,
    /// More data than a realm may pass on (`realms.limits.bandwidth.realm`).
    REALM_BANDWIDTH,
    /// More data than the server may pass on (`limits.bandwidth.server`).
    SERVER_BANDWIDTH,
    /// The client does not read fast enough and its queue is full.
    CLIENT_QUEUE_FULL,
    /// The network refused to take the packet.
    SEND_FAILED,
    /// The system dropped what had arrived, since its buffer for that socket was full.
    OVERRUN,
    /// A DTLS record from a client that has neither a session nor a handshake under way.
    NO_SESSION,
    /// A DTLS record that was forged, damaged or replayed.
    BAD_RECORD,
    /// A DTLS record for a handshake that has more waiting than it may.
    HANDSHAKE_QUEUE_FULL
}
