package io.hairpin.server.net;

import io.netty.buffer.ByteBuf;

import java.net.InetSocketAddress;

/// What happens on a [DatagramEndpoint]; called on its event loop.
public interface DatagramHandler {

    /// The writable bytes in front of each datagram: a header of up to that length goes there and
    /// the payload stays where it is.
    int HEADROOM = 64;

    /// A datagram arrived. The buffer is lent: the handler may move its indices and write around
    /// its bytes, and retains it if it sends it on. An exception goes to [#failed] and does no
    /// further harm.
    void received(DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from);

    /// So many datagrams were dropped because the network did not take them.
    void unsent(int datagrams);

    /// A mistake in this program came to light on this socket.
    void failed(Throwable cause);
}
