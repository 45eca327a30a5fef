package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// The pair of transport addresses and the transport that name one client (RFC 8656 §2).
///
/// @param server the address that the client came to
/// @param proxy where datagrams for the client go, if a proxy that speaks for it stands in between;
///     what such a client is known by is its own address all the same
public record FiveTuple(
        Transport transport,
        InetSocketAddress client,
        InetSocketAddress server,
        @Nullable InetSocketAddress proxy) {

    /// Of a client that sends datagrams by itself, or is connected, be it through a proxy.
    public FiveTuple(Transport transport, InetSocketAddress client, InetSocketAddress server) {
        this(transport, client, server, null);
    }

    /// Where datagrams for the client go.
    public InetSocketAddress hop() {
        return proxy == null ? client : proxy;
    }
}
