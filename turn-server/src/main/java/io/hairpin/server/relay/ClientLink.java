package io.hairpin.server.relay;

import io.netty.buffer.ByteBuf;

/// The way back to one client, whichever transport it came by. Used on the shard's event loop only.
public interface ClientLink {

    /// The longest message that can be sent.
    int maxMessageBytes();

    /// Sends a STUN message or ChannelData, or drops it if the client or the network is too slow.
    /// Takes over one reference to the buffer.
    void send(ByteBuf message);
}
