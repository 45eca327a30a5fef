package io.hairpin.net;

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

    /// A mistake in this program came to light on this socket.
    void failed(Throwable cause);
}
