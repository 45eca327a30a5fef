package io.hairpin.net;

import io.hairpin.stun.IcmpError;

import java.net.InetSocketAddress;

/// What happens on a [DatagramEndpoint]; called on its event loop.
public interface DatagramHandler {

    /// The longest header that can be put in front of a datagram that arrived.
    int HEADROOM = 64;

    /// A datagram arrived. It is lent: it may be changed and sent on, and is somebody else's when
    /// this returns. An exception goes to [#failed] and does no further harm.
    void received(DatagramEndpoint on, Datagram datagram);

    /// So many datagrams were dropped because the network did not take them.
    void unsent(int datagrams);

    /// The system dropped so many datagrams that had arrived, since its buffer for this socket was
    /// full. Not every implementation can tell.
    void overrun(long datagrams);

    /// A datagram that was sent to `destination` met an ICMP error. Only sockets that are asked to
    /// tell so do (see [PathSignals]), and only those of a kind that can. The port is zero where
    /// the system does not name it.
    default void icmp(InetSocketAddress destination, IcmpError error) {}

    /// A mistake in this program came to light on this socket.
    void failed(Throwable cause);
}
