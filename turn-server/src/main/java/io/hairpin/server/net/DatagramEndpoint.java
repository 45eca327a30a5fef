package io.hairpin.server.net;

import io.netty.buffer.ByteBuf;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/// An open UDP socket. Used on its event loop only.
public interface DatagramEndpoint {

    InetSocketAddress localAddress();

    /// Sends a datagram at the end of this turn of the loop, together with all else that was
    /// gathered until then. Takes over one reference to the buffer.
    ///
    /// What the network does not take is dropped and told to [DatagramHandler#unsent].
    void send(ByteBuf datagram, InetSocketAddress to);

    /// Like [#send], with the instruction to routers not to fragment the datagram (IPv4 DF).
    void sendUnfragmented(ByteBuf datagram, InetSocketAddress to);

    /// Closes the socket; the stage completes when its port is free again.
    CompletionStage<Void> close();
}
