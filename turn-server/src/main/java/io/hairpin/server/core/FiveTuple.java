package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// The pair of transport addresses and the transport that name one client (RFC 8656 §2).
///
/// @param server the address that the client came to
/// @param proxy of a proxy that speaks for the client: where datagrams for it go, or the address
///     that its connection came to, since a client may come to two of them from one port. What
///     such a client is known by to others is its own address all the same
public record FiveTuple(
        Transport transport,
        InetSocketAddress client,
        InetSocketAddress server,
        @Nullable InetSocketAddress proxy) {

    /// Of a client that speaks for itself.
    public FiveTuple(Transport transport, InetSocketAddress client, InetSocketAddress server) {
        this(transport, client, server, null);
    }

    /// Where datagrams for the client go.
    public InetSocketAddress hop() {
        return proxy == null ? client : proxy;
    }
}
