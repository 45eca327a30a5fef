package io.hairpin.server.relay;

import io.netty.buffer.ByteBuf;

/// The way back to one client, whichever transport it came by. Used on the shard's event loop only.
public interface ClientLink {

    /// The longest message that can be sent.
    int maxMessageBytes();

    /// Sends a STUN message or ChannelData. Takes over one reference to the buffer.
    ///
    /// @return false if the message was dropped, which has been counted, since the client does not
    ///     read fast enough
    boolean send(ByteBuf message);

    /// Where what passes between this client and its peers is counted.
    Traffic traffic();
}
