package io.hairpin.net;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/// An open UDP socket. Used on its event loop only.
public interface DatagramEndpoint {

    InetSocketAddress localAddress();

    /// What the system granted of the buffers that were asked for.
    SocketBuffers buffers();

    /// Sends a datagram at the end of this turn of the loop, together with all else that was
    /// gathered until then, to the address with these numbers (see
    /// [io.hairpin.stun.TransportAddress]).
    ///
    /// The bytes must stay as they are until then if they arrived on this loop; others are copied.
    /// What the network does not take is dropped and told to [DatagramHandler#unsent].
    void send(Datagram datagram, long high, long low, int port);

    /// Like [#send], except that nobody may fragment the datagram: neither routers (IPv4 DF) nor,
    /// over IPv6, this machine. Not to be called where [SocketKind#forbidsFragments] says no.
    void sendUnfragmented(Datagram datagram, long high, long low, int port);

    /// Closes the socket; the stage completes when its port is free again.
    CompletionStage<Void> close();
}
